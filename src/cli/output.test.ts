import { spawn } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestDaemon, TWO_NODES } from './testing.js';
import { SRRCTL } from './testing-process.js';

let daemon: TestDaemon;

beforeEach(async () => {
  daemon = new TestDaemon();
  await daemon.serve();
});

afterEach(() => daemon.end());

test.each(['status', 'status --json', 'watch', 'watch --json', '--help', 'completion bash', 'service --help'])(
  'srrctl %s ends in silence when nobody reads its output',
  async (command) => {
    const { code, err } = await shell('"$SRRCTL" --socket "$SOCKET" $COMMAND | :; exit $PIPESTATUS', command);
    // 0: all was written before the reader left.
    expect([0, 141]).toContain(code);
    expect(err).toBe('');
  },
);

test('a watch that has been read once ends with its reader', async () => {
  const { code, err } = await shell('"$SRRCTL" --socket "$SOCKET" watch | head -n 1', '');
  expect([code, err]).toEqual([0, '']);
});

test('output that cannot be written is told in a sentence', async () => {
  const { code, err } = await shell('"$SRRCTL" --socket "$SOCKET" status > /dev/full', '');
  expect([code, err]).toEqual([1, expect.stringMatching(/^srrctl: the output cannot be written: ENOSPC.*\n$/)]);
});

test('an error that nobody reads ends with its own exit code', async () => {
  expect(await shell('"$SRRCTL" --socket "$SOCKET" nonsense 2>&1 | :; exit $PIPESTATUS', '')).toMatchObject({
    code: 2,
    err: '',
  });
});

/** Runs it in bash with SRRCTL, SOCKET and COMMAND set. A watch is told of something while it waits. */
function shell(script: string, command: string): Promise<{ code: number | null; err: string }> {
  const env = { ...process.env, SRRCTL, SOCKET: daemon.socket, COMMAND: command };
  const bash = spawn('bash', ['-c', script], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  bash.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  let round = 0;
  const changes = setInterval(() => {
    round += 1;
    const nodes = TWO_NODES.nodes.map((node) => ({ ...node, standby: round % 2 === 0 }));
    daemon.status = { ...TWO_NODES, nodes };
    daemon.live.changed();
  }, 100);
  return new Promise((resolve) => {
    bash.once('close', (code) => {
      clearInterval(changes);
      resolve({ code, err });
    });
  });
}
