import type { ServiceDefinition } from '../../../src/model/index.js';
import { PLAIN_DEFINITION } from '../../../src/model/testing.js';
import { TIMEOUTS_MS } from '../../../src/tables/index.js';

/** A service definition as a scenario writes it: `key=value` words over the usual defaults. */
export function definitionFrom(name: string, words: readonly string[]): ServiceDefinition {
  const options = new Map(words.map((word) => word.split('=') as [string, string]));
  const take = (key: string, fallback: string): string => {
    const value = options.get(key) ?? fallback;
    options.delete(key);
    return value;
  };
  const kind = take('kind', 'service') === 'resource' ? 'resource' : 'service';
  const group = take('group', name);
  const failureTimeout = take('failureTimeout', 'never');
  const limitMs = Number(take('timeout', '60')) * 1000;
  const definition: ServiceDefinition = {
    ...PLAIN_DEFINITION,
    name,
    group,
    kind,
    dependsOn: take('needs', '').split(',').filter(Boolean),
    critical: take('critical', group === name ? 'yes' : 'no') === 'yes',
    addresses: kind === 'resource' ? [] : [take('address', '192.0.2.1')],
    scope: 'as',
    area: null,
    preempt: take('preempt', 'yes') === 'yes',
    handover: take('handover', 'exclusive') === 'overlap' ? 'overlap' : 'exclusive',
    preference: Number(take('preference', '100')),
    preemptDelayMs: Number(take('preemptDelay', '0')) * 1000,
    takeoverDelayMs: Number(take('takeoverDelay', kind === 'resource' ? '5' : '0')) * 1000,
    enabled: take('enabled', 'yes') === 'yes',
    autoActivate: take('autoActivate', 'yes') === 'yes',
    makefile: `/etc/srrd/services/${take('makefile', name)}/Makefile`,
    watched: take('watch', 'no') === 'yes',
    ...(options.has('verify') ? { verify: take('verify', 'no') === 'yes' } : {}),
    ...(options.has('user') ? { user: take('user', '') } : {}),
    check: {
      intervalMs: Number(take('check', '0')) * 1000,
      timeoutMs: 10_000,
      fall: Number(take('fall', '1')),
      maxRestarts: Number(take('maxRestarts', '1')),
    },
    timeoutsMs: { ...limitsOf(limitMs), status: 10_000 },
    failureTimeoutMs: failureTimeout === 'never' ? null : Number(failureTimeout) * 1000,
  };
  if (options.size > 0) throw new Error(`unknown word in the definition of ${name}: ${[...options.keys()].join(', ')}`);
  return definition;
}

function limitsOf(ms: number): ServiceDefinition['timeoutsMs'] {
  return Object.fromEntries(Object.keys(TIMEOUTS_MS).map((name) => [name, ms])) as ServiceDefinition['timeoutsMs'];
}
