import { connect } from 'node:net';

/**
 * Asks an FRR daemon over its UNIX VTY socket, as vtysh does: a command ends with a NUL, an answer with three NULs and
 * a status byte. Several commands share one session, so `configure terminal` and what follows belong together.
 * Returns the last command's answer. Throws if a command is refused, naming it, or after `timeoutMs`.
 */
export async function vty(socketPath: string, commands: readonly string[], timeoutMs = 30_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    let received = Buffer.alloc(0);
    let next = 0;
    const finish = (error: Error | null, answer = ''): void => {
      socket.destroy();
      if (error === null) resolve(answer);
      else reject(error);
    };
    const sendNext = (): void => {
      socket.write(`${commands[next]}\0`);
    };
    socket.setTimeout(timeoutMs, () =>
      finish(new Error(`${socketPath}: no answer to "${commands[next]}" in ${timeoutMs} ms`)),
    );
    socket.once('connect', sendNext);
    socket.once('error', (error) => finish(new Error(`${socketPath}: ${error.message}`)));
    socket.once('close', () => finish(new Error(`${socketPath}: closed before "${commands[next]}" was answered`)));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf('\0\0\0');
      if (end < 0 || received.length < end + 4) return;
      const answer = received.subarray(0, end).toString('utf8');
      const status = received[end + 3];
      received = received.subarray(end + 4);
      if (status !== 0) {
        finish(new Error(`${socketPath}: "${commands[next]}" was refused (status ${status}): ${answer.trim()}`));
        return;
      }
      next += 1;
      if (next === commands.length) finish(null, answer);
      else sendNext();
    });
  });
}
