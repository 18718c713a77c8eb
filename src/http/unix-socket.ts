import { chmodSync, lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import type { Api } from './api.js';

/** unix(7): sun_path holds 108 bytes with its final NUL. Node would cut a longer one short without a word. */
const LONGEST_PATH = 107;

/**
 * Listens on a UNIX socket that only this user may open (mode 0600). The socket file of a daemon that was killed is
 * replaced. Throws when another process answers there, or when something that is no socket has that name.
 */
export async function listenOnSocket(api: Api, path: string): Promise<void> {
  checkLength(path);
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  await removeLeftover(path);
  // bind() creates the file: with the mask there is no moment at which others may open it.
  const mask = process.umask(0o177);
  try {
    await api.listen({ path });
  } finally {
    process.umask(mask);
  }
  chmodSync(path, 0o600);
}

function checkLength(path: string): void {
  const length = Buffer.byteLength(path);
  if (length <= LONGEST_PATH) return;
  throw new Error(
    `the path of a UNIX socket has at most ${LONGEST_PATH} bytes, not ${length}; set a shorter \`socket\`: ${path}`,
  );
}

async function removeLeftover(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error(`${path} exists and is no socket; remove it, or set another \`socket\``);
  if (await isAnswered(path)) {
    throw new Error(`another process answers on ${path}; is srrd running already? Otherwise set another \`socket\``);
  }
  unlinkSync(path);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
