import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Configuration, defaultConfiguration, loadConfiguration } from '../config/index.js';
import { type Facts, type Finding, gather, judge, type Sources } from '../doctor/index.js';
import { VtySession, vtyCommand, vtyOpener } from '../routing/index.js';
import { type FrrFiles, frrFiles, real } from './frr/files.js';
import { interfacesHere, type PrefixedInterface } from './frr/prefixes.js';
import { nftablesIsOff } from './system.js';

export interface SetupOf extends Omit<Sources, 'configuration'> {
  readonly nftablesFile: string;
}

/** A node as it is. */
export interface Look {
  readonly configuration: Configuration;
  readonly configFile: string;
  readonly nftablesFile: string;
  readonly facts: Facts;
  readonly findings: readonly Finding[];
  readonly files: FrrFiles;
  /** What ospfd and bfdd run with; null: they do not answer. */
  readonly running: { readonly ospfd: string | null; readonly bfdd: string | null };
  readonly interfaces: readonly PrefixedInterface[];
  /** FRR's major version; null: not known. */
  readonly major: number | null;
  /** systemd would start the unit of nftables, and does not at the next boot. */
  readonly nftablesIsOff: boolean;
}

/** A description in FRR's files may be in any encoding: each byte is a character, and written back as it was. */
export const BYTES = 'latin1';

/** An ospfd that is only slow must not be taken for one that does not run. */
const VTY_WITHIN_MS = 30_000;

/** Looks at this machine. Throws an Error, in words, where nothing can be set up. */
export async function lookAround(of: SetupOf): Promise<Look> {
  const [configFile, nftablesFile] = [real(of.configFile), real(of.nftablesFile)];
  const configuration = configurationOf(configFile);
  const files = frrFiles(of.frrDirectory ?? configuration.vty.configDir);
  const [facts, ospfd, bfdd] = await Promise.all([
    gather({ ...of, configuration }),
    runningConfiguration('ospfd', configuration),
    runningConfiguration('bfdd', configuration),
  ]);
  const { findings } = judge(facts);
  const major = facts.version.known ? facts.version.value.major : await installedMajor();
  const interfaces = interfacesHere();
  return {
    ...{ configuration, configFile, nftablesFile, facts, findings, files },
    ...{ running: { ospfd, bfdd }, interfaces, major, nftablesIsOff: await nftablesIsOff(nftablesFile) },
  };
}

/** What a file says, or would say once it is there. */
export function configurationOf(configFile: string): Configuration {
  return existsSync(configFile) ? loadConfiguration(configFile) : defaultConfiguration();
}

export function vtySession(daemon: 'ospfd' | 'bfdd', { vty }: Configuration): VtySession {
  const address = daemon === 'ospfd' ? vty.ospfd : { kind: 'unix' as const, path: join(vty.socketDir, 'bfdd.vty') };
  const open = vtyOpener({ daemon, address });
  return new VtySession({ daemon, open, timeoutMs: VTY_WITHIN_MS, connectWithinMs: VTY_WITHIN_MS, patient: false });
}

/** null: there is no such file. Throws an Error that names the file; a link is none, see writeLike. */
export function textOf(file: string): string | null {
  const descriptor = opened(file);
  if (descriptor === null) return null;
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error(`${file}: expected a file, got something else`);
    return readFileSync(descriptor, BYTES);
  } finally {
    closeSync(descriptor);
  }
}

/** What a text of bytes says in UTF-8. */
export function utf8In(bytes: string): string {
  return Buffer.from(bytes, BYTES).toString('utf8');
}

export function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString(BYTES);
}

function opened(file: string): number | null {
  try {
    return openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw code === 'ELOOP' ? new Error(`${file}: expected a file, got a link`) : error;
  }
}

async function runningConfiguration(daemon: 'ospfd' | 'bfdd', configuration: Configuration): Promise<string | null> {
  const vty = vtySession(daemon, configuration);
  try {
    return await vty.show(vtyCommand('show', 'show running-config'));
  } catch {
    return null;
  } finally {
    vty.close();
  }
}

/** Of an FRR that does not run. Where Debian has it. */
async function installedMajor(): Promise<number | null> {
  const { stdout = '' } = await execa('/usr/lib/frr/ospfd', ['--version'], { reject: false, timeout: VTY_WITHIN_MS });
  const [, major] = /^ospfd version (\d+)\./m.exec(stdout) ?? [];
  return major === undefined ? null : Number(major);
}
