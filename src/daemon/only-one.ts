import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

export interface OnlyOne {
  release(): void;
}

/** Who has the name; what is not known is null. */
interface Holder {
  readonly processId: number;
  readonly user: number;
}

/**
 * Takes ospfd's API for this process: ospfd gives our opaque type to one client, and that is told only after a new srrd has
 * begun to clear up what it takes for its own. The name is that of an abstract UNIX socket (unix(7)): there is one in
 * each network namespace, as there is one port, and the kernel gives it back with the process, however that ends.
 * Throws an Error, a sentence, if another srrd has it.
 */
export async function beOnlyOne(ospfPort: number, warn: (text: string) => void): Promise<OnlyOne> {
  const name = `srrd-ospf-api-${ospfPort}`;
  const server = createServer((socket) => socket.destroy()).unref();
  if (await listens(server, `\0${name}`)) return { release: () => server.close() };
  const holder = holderOf(name);
  if (holder !== null && holder.user !== 0 && holder.user !== process.geteuid?.()) {
    const who = `process ${holder.processId} of user ${holder.user}`;
    warn(`${who} has the name by which a second srrd is noticed (@${name}): whether one runs is not known`);
    return { release: () => {} };
  }
  const which = holder === null ? '' : ` (process ${holder.processId})`;
  throw new Error(
    `another srrd${which} uses the ospfd of this machine, port ${ospfPort}, and one ospfd serves one srrd, ` +
      'whatever its cluster: end that one first, or give this one an ospfd of its own (ospf.port)',
  );
}

/** Whether the name was free. Throws an Error for any other reason. */
function listens(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen({ path }, () => resolve(true));
  });
}

/** null: it ended meanwhile, or is out of our sight. */
function holderOf(name: string): Holder | null {
  const socket = readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    // Num RefCount Protocol Flags Type St Inode Path; NULs are shown as @, also those behind the name.
    .map((line) => line.trim().split(/\s+/))
    .find(([, , , , , , , path = '']) => path.replace(/@+$/, '') === `@${name}`);
  const [, , , , , , inode] = socket ?? [];
  if (inode === undefined) return null;
  for (const id of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    if (opens(id, `socket:[${inode}]`)) return { processId: Number(id), user: statSync(`/proc/${id}`).uid };
  }
  return null;
}

/** Processes end while they are looked at. */
function opens(processId: string, what: string): boolean {
  try {
    const folder = `/proc/${processId}/fd`;
    return readdirSync(folder).some((descriptor) => readlinkSync(`${folder}/${descriptor}`) === what);
  } catch {
    return false;
  }
}
