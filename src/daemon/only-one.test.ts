import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { beOnlyOne } from './only-one.js';

/** No port that anything listens at: the number is only part of a name here. */
const PORT = 100_000 + process.pid;

const SECOND = `require('node:net').createServer().listen('\\0srrd-ospf-api-${PORT}', () => console.log('has it'))`;

const warnings: string[] = [];
const warn = (text: string): void => void warnings.push(text);

it('the second one is refused with the process of the first, until that has ended, however it ends', async () => {
  const other = spawn(process.execPath, ['-e', SECOND], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(other.stdout, 'data');
  await expect(beOnlyOne(PORT, warn)).rejects.toThrow(`another srrd (process ${other.pid}) uses the ospfd`);
  other.kill('SIGKILL');
  await once(other, 'exit');
  const first = await beOnlyOne(PORT, warn);
  await expect(beOnlyOne(PORT, warn)).rejects.toThrow(`(process ${process.pid})`);
  first.release();
  (await beOnlyOne(PORT, warn)).release();
});

it.runIf(process.geteuid?.() === 0)('a stranger who has taken the name keeps nobody from starting', async () => {
  const other = spawn(process.execPath, ['-e', SECOND], { stdio: ['ignore', 'pipe', 'inherit'], uid: 65_534 });
  await once(other.stdout, 'data');
  await expect(beOnlyOne(PORT, warn)).resolves.toBeDefined();
  expect(warnings).toEqual([expect.stringContaining(`process ${other.pid} of user 65534`)]);
  other.kill('SIGKILL');
});
