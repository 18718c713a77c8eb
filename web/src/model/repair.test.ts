import { expect, test } from 'vitest';
import type { NodeConfiguration, ServiceStatus } from '../api/types.js';
import { repaired, repairOf } from './repair.js';

const SHARED: NodeConfiguration['shared'] = {
  ...{ kind: 'service', group: 'WEB', critical: true, dependsOn: [], addresses: ['10.9.9.1'] },
  ...{ scope: 'as', area: null, preempt: true, handover: 'exclusive' },
} as unknown as NodeConfiguration['shared'];

function on(
  routerId: string,
  change: Partial<Record<keyof NodeConfiguration['shared'], unknown>> = {},
): NodeConfiguration {
  return { routerId, preference: 100, hash: '00', shared: { ...SHARED, ...change } as NodeConfiguration['shared'] };
}

function service(owner: string | null, state = 'stopped'): ServiceStatus {
  return { name: 'WEB', owner, replicas: [{ routerId: '10.0.0.3', state }] } as unknown as ServiceStatus;
}

const ODD = { addresses: ['10.9.9.2'], preempt: false, area: '0.0.0.1' };
const [A, B, C] = [on('10.0.0.1'), on('10.0.0.2'), on('10.0.0.3', ODD)];

test('the keys that must agree are taken from most nodes, and all others stay', () => {
  const repair = repairOf(service(null), [A, B, C], '10.0.0.3');
  expect(repair).toMatchObject({ from: { routerId: '10.0.0.1' }, whyNot: null });
  const written = { name: 'WEB', ...ODD, makefile: 'nginx/Makefile', preference: 7, variables: { PORT: '80' } };
  expect(repaired(written, repair!)).toEqual({
    ...{ name: 'WEB', makefile: 'nginx/Makefile', preference: 7, variables: { PORT: '80' } },
    ...{ addresses: ['10.9.9.1'], preempt: true },
  });
});

test('the owner counts more than the number, and is not repaired itself', () => {
  expect(repairOf(service('10.0.0.3'), [A, B, C], '10.0.0.3')).toBeNull();
  expect(repairOf(service('10.0.0.2'), [A, B, C], '10.0.0.3')).toMatchObject({ from: { routerId: '10.0.0.2' } });
  expect(repairOf(service('10.0.0.3'), [A, C], '10.0.0.1')).toMatchObject({ from: { routerId: '10.0.0.3' } });
});

test('of two that nobody runs, nobody says whose counts; of one that runs, it waits', () => {
  expect(repairOf(service(null), [A, C], '10.0.0.3')).toBeNull();
  expect(repairOf(service(null), [A, B], '10.0.0.1')).toBeNull();
  expect(repairOf(service(null, 'started'), [A, B, C], '10.0.0.3')?.whyNot).toContain('move it to another node first');
});
