import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { LookAt } from '../files/index.js';
import type { Limits, ServiceDefinition, ServiceKind, SharedDefinition } from '../model/index.js';
import { OWN_KEYS, SHARED_KEYS } from '../tables/index.js';
import type { DefinitionFile } from './definition-schema.js';
import { ConfigurationError } from './errors.js';
import type { Makefile } from './makefile.js';
import { nativeCheckOf, problemsOfCheck } from './native-check.js';
import { type Problem, problemAt } from './problems.js';
import { trustProblem } from './trust.js';
import { checkVariablesFile } from './variables-file.js';
import type { YamlSource } from './yaml-source.js';

/** A definition file that is right by itself. */
export interface Candidate {
  readonly path: string;
  readonly source: YamlSource;
  readonly written: DefinitionFile;
  readonly kind: ServiceKind;
  readonly group: string;
  readonly makefilePath: string;
  readonly makefile: Makefile;
  readonly variablesFile: string | undefined;
}

/** What else a definition refers to. */
export interface Surroundings {
  readonly servicesDir: string;
  /** Where files with variables are. */
  readonly secretsDir: string;
  readonly look: LookAt;
  /** As readMakefile. */
  readonly makefileAt: (path: string) => Makefile;
  /** Of this machine, with their interfaces. */
  readonly ownAddresses: ReadonlyMap<string, string>;
}

/** Checks what one file says as a whole, and reads its Makefile. Throws a ConfigurationError that lists all problems. */
export function candidateOf(
  path: string,
  source: YamlSource,
  written: DefinitionFile,
  surroundings: Surroundings,
): Candidate {
  const { servicesDir, secretsDir, makefileAt, ownAddresses } = surroundings;
  const kind = written.kind ?? (written.addresses.length > 0 ? 'service' : 'resource');
  const at = (key: string, text: string) => problemAt(source, [key], text);
  const problems: Problem[] = [];
  if (kind === 'service' && written.addresses.length === 0) {
    problems.push(at('addresses', 'expected at least one address for kind service (without any it is a resource)'));
  }
  if (kind === 'resource' && written.addresses.length > 0) {
    problems.push(at('addresses', 'expected none for kind resource (with addresses it is a service)'));
  }
  if (written.scope === 'link' && written.link === undefined) {
    problems.push(at('link', 'expected the interface to flood on, because scope is link'));
  }
  if (written.scope !== 'link' && written.link !== undefined) {
    problems.push(at('link', `expected only with scope link, but scope is ${written.scope}`));
  }
  if (written.handover === 'overlap' && kind === 'resource') {
    problems.push(at('handover', 'expected exclusive for kind resource, which may run only once'));
  }
  for (const [index, address] of written.addresses.entries()) {
    const holder = ownAddresses.get(address);
    if (holder === undefined) continue;
    const text = `expected an address for the service alone, but this machine has ${address} on ${holder} by itself`;
    problems.push(problemAt(source, ['addresses', index], `${text}; choose another, or remove it there`));
  }
  if (written.limits.processes !== undefined && (written.user ?? 'root') === 'root') {
    const text =
      'expected only with a user that is not root: the kernel counts the processes of a user, and does not limit root';
    problems.push(problemAt(source, ['limits', 'processes'], text));
  }
  problems.push(...problemsOfCheck(written.check).map(({ key, text }) => problemAt(source, ['check', key], text)));
  const makefilePath = resolve(servicesDir, written.makefile);
  const makefile = checkedMakefile(makefilePath, makefileAt, (text, lack) =>
    problems.push({ ...at('makefile', text), ...lack }),
  );
  const variablesFile = written.variablesFile === undefined ? undefined : resolve(secretsDir, written.variablesFile);
  const problem = variablesFile === undefined ? undefined : variablesFileProblem(variablesFile, surroundings.look);
  if (problem !== undefined) problems.push(at('variablesFile', problem));
  if (makefile === undefined || problems.length > 0) throw new ConfigurationError(path, problems);
  return { path, source, written, kind, group: written.group ?? written.name, makefilePath, makefile, variablesFile };
}

/**
 * The definition with all defaults filled in. It depends on this file alone, never on what else the node has: all nodes
 * must get the same from the same file.
 */
export function definitionOf(candidate: Candidate): ServiceDefinition {
  const { written, kind, group } = candidate;
  const definition: Omit<ServiceDefinition, 'hash'> = {
    ...sharedIn(written),
    group,
    dependsOn: written.dependsOn.toSorted(),
    kind,
    critical: written.critical ?? isOwnGroup(candidate),
    interface: written.interface,
    link: written.link ?? null,
    preference: written.preference,
    preemptDelayMs: written.preemptDelay,
    takeoverDelayMs: written.takeoverDelay ?? (kind === 'resource' ? 5000 : 0),
    enabled: written.enabled,
    autoActivate: written.autoActivate,
    makefile: candidate.makefilePath,
    watched: candidate.makefile.hasWatch,
    variables: written.variables,
    ...(candidate.variablesFile === undefined ? {} : { variablesFile: candidate.variablesFile }),
    ...(written.user === undefined ? {} : { user: written.user }),
    ...limitsOf(written.limits),
    ...(written.verify ? { verify: true } : {}),
    check: {
      intervalMs: written.check.interval,
      timeoutMs: written.check.timeout,
      fall: written.check.fall,
      maxRestarts: written.check.maxRestarts,
      ...nativeCheckOf(written.check),
    },
    timeoutsMs: written.timeouts,
    failureTimeoutMs: written.failureTimeout,
  };
  return { ...definition, hash: hashOf(definition, candidate.makefile) };
}

function sharedIn(written: DefinitionFile): SharedDefinition {
  const entries = SHARED_KEYS.map((key) => [key, written[key] ?? null]);
  return { name: written.name, ...Object.fromEntries(entries) };
}

/** Only what is limited: a definition without limits has the hash that it had in versions which knew none. */
function limitsOf({ memory, processes, openFiles }: DefinitionFile['limits']): Pick<ServiceDefinition, 'limits'> {
  const limits: Limits = {
    ...(memory === undefined ? {} : { memoryBytes: memory }),
    ...(processes === undefined ? {} : { processes }),
    ...(openFiles === undefined ? {} : { openFiles }),
  };
  return Object.keys(limits).length === 0 ? {} : { limits };
}

/** It names no group, or its group after itself: then it is what the group is about. */
export function isOwnGroup({ group, written }: Pick<Candidate, 'group' | 'written'>): boolean {
  return group === written.name;
}

/**
 * Equal on nodes that mean the same service. What is naturally a node's own is left out, and so is where the Makefile lies (but
 * not what it says), and the secrets, of which others could try all.
 */
function hashOf(definition: Omit<ServiceDefinition, 'hash'>, makefile: Makefile): string {
  const leftOut: readonly string[] = [...OWN_KEYS, 'makefile', 'watched', 'variablesFile'];
  const shared = Object.fromEntries(Object.entries(definition).filter(([key]) => !leftOut.includes(key)));
  const normalised = JSON.stringify({ ...shared, addresses: definition.addresses.toSorted() }, sortKeys);
  return createHash('sha256').update(normalised).update('\0').update(makefile.content).digest('hex').slice(0, 16);
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function variablesFileProblem(path: string, look: LookAt): string | undefined {
  try {
    checkVariablesFile(path, look);
    return trustProblem(path, undefined, undefined, look) ?? undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function checkedMakefile(
  path: string,
  makefileAt: Surroundings['makefileAt'],
  problem: (text: string, lack?: Pick<Problem, 'code' | 'missing'>) => void,
): Makefile | undefined {
  try {
    const makefile = makefileAt(path);
    if (makefile.missing.length === 0) return makefile;
    problem(`expected rules for all eleven targets in ${path}, missing: ${makefile.missing.join(' ')}`, {
      code: 'missing-targets',
      missing: { makefile: path, targets: makefile.missing },
    });
  } catch (error) {
    problem(error instanceof Error ? error.message : String(error));
  }
  return undefined;
}
