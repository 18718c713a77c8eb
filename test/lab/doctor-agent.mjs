// Runs srrctl in a namespace again and again, without the cost of starting it: its arguments and PATH a line on standard
// input, its exit code and output as a line of JSON.
import { createInterface } from 'node:readline';
import { srrctl } from '../../dist/cli/index.js';

const ownPath = process.env.PATH;
// One at a time: PATH is the process's.
let last = Promise.resolve();

createInterface({ input: process.stdin }).on('line', (line) => {
  const { args, path } = JSON.parse(line);
  last = last.then(async () => {
    process.env.PATH = path ?? ownPath;
    const text = { out: '', err: '' };
    const exitCode = await srrctl(args, { out: (part) => (text.out += part), err: (part) => (text.err += part) });
    process.stdout.write(`${JSON.stringify({ exitCode, stdout: text.out, stderr: text.err })}\n`);
  });
});
