import { execa } from 'execa';
import { isOfNftables, isUnit } from './systemd.js';

/** A restart of FRR waits for each of its daemons. */
const WITHIN_MS = 120_000;

/** Throws an Error with what the program said. `input` is not in it. */
export async function run(file: string, args: readonly string[], input = ''): Promise<string> {
  const options = { reject: false, timeout: WITHIN_MS, env: { LC_ALL: 'C' }, input } as const;
  const result = await execa(file, args, options);
  if (!result.failed) return result.stdout;
  if (result.code === 'ENOENT') throw new Error(`${file} is not installed: apt-get install ${packageOf(file)}`);
  const [said] = String(result.stderr).trim().split('\n');
  throw new Error(`${file} ${args.join(' ')}: ${said || result.shortMessage}`);
}

/** False: nobody here does it. */
export async function restartFrr(frrFile: string): Promise<boolean> {
  if (!isUnit(frrFile)) return false;
  await run('systemctl', ['restart', 'frr']);
  return true;
}

/** Whether the unit that loads this file is there, and is not started at the next boot. */
export async function nftablesIsOff(file: string): Promise<boolean> {
  if (!isOfNftables(file)) return false;
  const { stdout = '' } = await execa('systemctl', ['is-enabled', 'nftables'], { reject: false });
  return stdout.trim() !== 'enabled';
}

/** Switches the unit of nftables on for the next boot. It is not started: that would flush what others have loaded. */
export async function enableNftables(): Promise<void> {
  await run('systemctl', ['enable', 'nftables']);
}

export async function disableNftables(): Promise<void> {
  await run('systemctl', ['disable', 'nftables']);
}

/** nft's words for our table, to load it again; null: there is none. */
export async function loadedTable(): Promise<string | null> {
  const { failed, stdout } = await execa('nft', ['list', 'table', 'inet', 'srrd'], { reject: false });
  return failed ? null : `${stdout}\n`;
}

export async function loadRules(rules: string): Promise<void> {
  await run('nft', ['-f', '-'], rules);
}

function packageOf(program: string): string {
  return program === 'nft' ? 'nftables' : program;
}
