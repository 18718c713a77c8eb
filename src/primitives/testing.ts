import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PrimitiveContext } from '../cluster/index.js';
import type { Primitive, ServiceDefinition } from '../model/index.js';
import { PLAIN_DEFINITION } from '../model/testing.js';
import type { PrimitiveRequest } from './runner.js';

/** Only for tests: a service with a Makefile of the test's own, in a folder of its own. */
export async function makefileWith(rules: string, folderName = 'service'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `srrd-${folderName}-`));
  const makefile = join(folder, 'Makefile');
  await writeFile(makefile, rules);
  return makefile;
}

export function definitionOf(makefile: string, changes: Partial<ServiceDefinition> = {}): ServiceDefinition {
  return { ...PLAIN_DEFINITION, makefile, hash: '0000000000000000', ...changes };
}

const FIRST_CALL: PrimitiveContext = { claim: 1, peers: [], peer: null, failure: null, recall: 0 };

let runs = 0;

/** A request with a run number of its own and a timeout that no test reaches by accident. */
export function requestFor(
  definition: ServiceDefinition,
  primitive: Primitive,
  changes: { readonly timeoutMs?: number; readonly context?: Partial<PrimitiveContext> } = {},
): PrimitiveRequest {
  runs += 1;
  return {
    service: definition.name,
    primitive,
    run: runs,
    timeoutMs: changes.timeoutMs ?? 25_000,
    context: { ...FIRST_CALL, ...changes.context },
    definition,
  };
}

/** Longer than a busy machine stands still. */
const WAIT_MS = 120_000;

/** Waits until the condition returns something; fails after two minutes. */
export async function until<T>(what: string, condition: () => T | undefined | false | null): Promise<T> {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const value = condition();
    if (value !== undefined && value !== false && value !== null) return value;
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await delay(5);
  }
}
