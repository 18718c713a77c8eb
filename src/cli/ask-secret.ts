import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** What is typed on the terminal, which does not show it; null: there is no terminal, or nothing was typed. */
export async function askSecret(question: string): Promise<string | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    const answer = await new Promise<string>((resolve) => {
      terminal.once('line', resolve);
      terminal.once('close', () => resolve(''));
    });
    return answer.trim() === '' ? null : answer.trim();
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
