import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';

interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean };
}

/**
 * What is typed on the terminal, which does not show it; null: there is no terminal, or an empty line was typed. Throws an Error
 * for Ctrl-C, and where the terminal ends before the line does: that is no answer.
 */
export async function askSecret(
  question: string,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<string | null> {
  if (!input.isTTY || !output.isTTY) return null;
  output.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input, output: silent, terminal: true });
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      const given = () => reject(new Error('expected a line, and none was typed: nothing was changed'));
      terminal.once('line', resolve);
      terminal.once('SIGINT', given);
      terminal.once('close', given);
    });
    return answer.trim() === '' ? null : answer.trim();
  } finally {
    terminal.close();
    output.write('\n');
  }
}
