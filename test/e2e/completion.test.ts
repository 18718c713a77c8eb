import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestDaemon, TWO_NODES } from '../../src/cli/testing.js';
import { testControl } from '../../src/http/testing.js';
import { CHECKOUT } from '../lab/checkout.js';

const run = promisify(execFile);

let folder: string;
let daemon: TestDaemon;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-shells-'));
  daemon = new TestDaemon();
  await daemon.serve({ control: testControl(() => TWO_NODES) });
  mkdirSync(join(folder, 'bin'));
  const srrctl = join(folder, 'bin', 'srrctl');
  writeFileSync(srrctl, `#!/bin/sh\nexec '${join(CHECKOUT, 'bin', 'srrctl')}' --socket '${daemon.socket}' "$@"\n`);
  chmodSync(srrctl, 0o755);
  environment = { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, HOME: folder, TERM: 'dumb', LC_ALL: 'C' };
}, 60_000);

afterAll(async () => {
  await daemon?.end();
  rmSync(folder, { recursive: true });
});

/** A file with the script that `srrctl completion SHELL` prints. */
async function scriptFor(shell: string, file: string): Promise<string> {
  const { stdout } = await run('srrctl', ['completion', shell], { env: environment });
  const path = join(folder, file);
  writeFileSync(path, stdout);
  return path;
}

async function shell(name: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(name, args, { env: environment, timeout: 60_000 });
  return stdout;
}

describe('bash', () => {
  it('takes the script, and completes commands and names', async () => {
    const script = await scriptFor('bash', 'srrctl.bash');
    await shell('bash', '-n', script);
    const complete = (...words: string[]) => {
      const set = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}`;
      return shell('bash', '--norc', '-c', `source ${script}; ${set}; _srrctl; printf '%s\\n' "\${COMPREPLY[@]}"`);
    };
    expect(await complete('srrctl', 'service', 'mo')).toBe('move\n');
    expect(await complete('srrctl', 'service', 'move', 'W')).toBe('WEB\n');
    expect(await complete('srrctl', 'service', 'move', 'WEB', '')).toBe('alpha\nbeta\n');
  });
});

describe('fish', () => {
  it('takes the script, and completes commands and names', async () => {
    const script = await scriptFor('fish', 'srrctl.fish');
    await shell('fish', '--no-config', '--no-execute', script);
    const complete = (line: string) => shell('fish', '--no-config', '-c', `source ${script}; complete -C '${line}'`);
    expect(await complete('srrctl service mo')).toBe('move\n');
    expect(await complete('srrctl service move W')).toBe('WEB\n');
    expect(await complete('srrctl service move WEB ')).toBe('alpha\nbeta\n');
    expect(await complete(`srrctl definition set ${folder}/srr`)).toContain('srrctl.fish');
  });
});

describe('zsh', () => {
  // Completion works in the line editor only: a zsh on a terminal of its own is typed at.
  const TYPING = String.raw`
zmodload zsh/zpty
zpty typed 'zsh -i'
zpty -r typed text '*attention> '
zpty -w -n typed "$1"$'\t#end\n'
zpty -r typed text '*#end*'
print -r -- "$text"
`;

  async function complete(line: string): Promise<string> {
    const typing = join(folder, 'typing.zsh');
    writeFileSync(typing, TYPING);
    const seen = await shell('zsh', '-f', typing, line);
    // The editor writes the space behind a whole word anew when something follows it.
    return /(srrctl [^\r\n]*)#end/.exec(seen)?.[1]?.replace(' \b ', ' ') ?? seen;
  }

  it.each([
    ['sourced', (script: string) => `autoload -Uz compinit; compinit -u -D\nsource ${script}`],
    ['loaded from fpath', () => `fpath=(${folder}/functions $fpath)\nautoload -Uz compinit; compinit -u -D`],
  ])('takes the script, %s, and completes commands and names', async (_, setUp) => {
    mkdirSync(join(folder, 'functions'), { recursive: true });
    const script = await scriptFor('zsh', 'functions/_srrctl');
    await shell('zsh', '-f', '-n', script);
    const startup = `unsetopt prompt_sp\nunset zle_bracketed_paste\nPS1='attention> '\n${setUp(script)}\n`;
    writeFileSync(join(folder, '.zshrc'), startup);
    expect(await complete('srrctl service mo')).toBe('srrctl service move ');
    expect(await complete('srrctl service move W')).toBe('srrctl service move WEB ');
    expect(await complete('srrctl service move WEB be')).toBe('srrctl service move WEB beta ');
  });
});
