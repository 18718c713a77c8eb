import type { ServiceDefinition } from './definition.js';
import type { Settings } from './state.js';

/** A definition for tests: defaults, and what the test is about. */
export function testDefinition(name: string, change: Partial<ServiceDefinition> = {}): ServiceDefinition {
  return {
    name,
    group: name,
    kind: 'service',
    dependsOn: [],
    critical: true,
    addresses: ['192.0.2.1'],
    scope: 'as',
    area: null,
    preempt: true,
    handover: 'exclusive',
    interface: 'lo',
    link: null,
    preference: 100,
    preemptDelayMs: 0,
    takeoverDelayMs: 0,
    enabled: true,
    autoActivate: true,
    makefile: `/services/${name}/Makefile`,
    watched: false,
    variables: {},
    check: { intervalMs: 10_000, timeoutMs: 10_000, fall: 1, maxRestarts: 1 },
    timeoutsMs: {
      activate: 60_000,
      deactivate: 60_000,
      start: 60_000,
      stop: 60_000,
      reload: 60_000,
      restart: 60_000,
      join: 60_000,
      leave: 60_000,
      failed: 60_000,
      status: 10_000,
    },
    failureTimeoutMs: null,
    hash: '0123456789abcdef',
    ...change,
  };
}

export const TEST_SETTINGS: Settings = {
  nodeName: 'alpha',
  softwareVersion: '0.0.0',
  joinHoldMs: 2_000,
  stampRefreshMs: 30_000,
  recallDelayMs: 1_000,
  onIsolation: 'stop',
  remoteCommands: true,
  managementAddresses: [],
  managementPort: 0,
};
