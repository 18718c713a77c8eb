import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkVariablesFile, variablesIn } from '../config/index.js';
import { stepAt } from '../files/index.js';
import { PrimitiveRunner } from './runner.js';
import { definitionOf, requestFor } from './testing.js';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-secrets-'));
  file = join(folder, 'shop.env');
});

/** As srrd reads it. */
function readVariablesFile(path: string): Record<string, string> {
  checkVariablesFile(path, stepAt);
  return variablesIn(path, readFileSync(path, 'utf8'));
}

afterEach(() => rmSync(folder, { recursive: true }));

function write(text: string, mode = 0o600): void {
  writeFileSync(file, text);
  chmodSync(file, mode);
}

test('lines are KEY=VALUE, and a value is all that follows', () => {
  write('# the shop\nPASSWORD= a=b "c" \r\n\nEMPTY=\n');
  expect(readVariablesFile(file)).toEqual({ PASSWORD: ' a=b "c" ', EMPTY: '' });
});

test('a variable has the name that the file says, whatever it is', () => {
  write('__proto__=a\nconstructor=b\n');
  expect(Object.entries(readVariablesFile(file))).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
});

test.each(['PASSWORD', 'PASS WORD=x', '=x', 'SRRD_NODE=x', 'MAKEFLAGS=x', 'A=\0'])(
  'the line %j is refused, and not repeated',
  (line) => {
    write(`A=1\n${line}\n`);
    expect(() => readVariablesFile(file)).toThrow(`${file}: line 2: expected KEY=VALUE, without spaces`);
  },
);

test.each([0o640, 0o604, 0o620])('mode %o is refused', (mode) => {
  write('A=1\n', mode);
  expect(() => readVariablesFile(file)).toThrow(`others can read or change it; chmod 600 ${file}`);
});

test('a file that is missing, and a link, is refused', () => {
  expect(() => readVariablesFile(file)).toThrow(`${file} is missing`);
  symlinkSync('/dev/zero', file);
  expect(() => readVariablesFile(file)).toThrow('expected a regular file');
});

test('a primitive has what the file says when it runs; start fails with the reason without it, stop does not', async () => {
  const warnings: string[] = [];
  const node = { name: 'alpha', cluster: 'default' };
  const runner = new PrimitiveRunner({ node, stateDir: folder, warn: (text) => warnings.push(text) });
  const makefile = join(folder, 'Makefile');
  writeFileSync(makefile, '.PHONY: start stop\nstart stop:\n\t@echo "$$PORT $$PASSWORD"; exit 3\n');
  const web = { ...definitionOf(makefile), variables: { PORT: '80' }, variablesFile: file };
  const reason = async (primitive: 'start' | 'stop') => {
    const outcome = await runner.run(requestFor(web, primitive));
    return 'reason' in outcome ? outcome.reason : outcome.result;
  };
  write('PASSWORD=old\n');
  expect(await reason('start')).toBe('80 old');
  write('PASSWORD=new\n');
  expect(await reason('start')).toBe('80 new');
  write('PASSWORD=new\n', 0o644);
  expect(await reason('start')).toContain('others can read or change it');
  expect(await reason('stop')).toBe('80');
  expect(warnings).toEqual([expect.stringMatching(/^stop of WEB runs without its variablesFile: .*chmod 600/)]);
  await runner.stop();
});

test('what a recipe prints of the file is masked, whoever asked for it and however it ends', async () => {
  const runner = new PrimitiveRunner({ node: { name: 'alpha', cluster: 'default' }, stateDir: folder });
  const makefile = join(folder, 'Makefile');
  // Without `@`: make prints the command, and that is the last line of one which fails in silence.
  const rules =
    'status:\n\t@echo $(PASSWORD) on $(PORT)\ncheck:\n\ttest $(LONGER) = "$$PORT"\nstop:\n\t: $(PASSWORD); sleep 60\n';
  writeFileSync(makefile, `.PHONY: status check stop\n${rules}`);
  write('PASSWORD=hunter22\nLONGER=hunter22-and-more\nPORT=80\n');
  const web = { ...definitionOf(makefile), variablesFile: file };
  expect(await runner.run(requestFor(web, 'status'))).toMatchObject({ output: '*** on 80\n' });
  const check = await runner.run(requestFor(web, 'check'));
  expect(check).toMatchObject({ result: 'failed', reason: 'test *** = "$PORT"' });
  const stop = await runner.run(requestFor(web, 'stop', { timeoutMs: 1_000 }));
  expect(stop).toMatchObject({ result: 'timed-out', reason: expect.stringContaining(': ***; sleep 60') });
  for (const outcome of [check, stop]) expect(JSON.stringify(outcome)).not.toContain('hunter22');
  await runner.stop();
});
