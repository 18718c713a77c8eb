import { expect, test } from 'vitest';
import { PLAIN_SHARED } from '../../../src/model/testing.js';
import type { NodeConfiguration, ServiceStatus } from '../api/types.js';
import { isSameRepair, repaired, repairOf } from './repair.js';

const SHARED: NodeConfiguration['shared'] = { ...PLAIN_SHARED, addresses: ['10.9.9.1'] };

function on(
  routerId: string,
  change: Partial<Record<keyof NodeConfiguration['shared'], unknown>> = {},
): NodeConfiguration {
  return { routerId, preference: 100, hash: '00', shared: { ...SHARED, ...change } as NodeConfiguration['shared'] };
}

function service(owner: string | null, config = 'inactive'): ServiceStatus {
  return {
    name: 'WEB',
    owner,
    replicas: [{ routerId: '10.0.0.3', config, state: 'stopped' }],
  } as unknown as ServiceStatus;
}

const ODD = { addresses: ['10.9.9.2'], preempt: false, area: '0.0.0.1' };
const [A, B, C] = [on('10.0.0.1'), on('10.0.0.2'), on('10.0.0.3', ODD)];

test('the keys that must agree are taken from most nodes, and all others stay', () => {
  const repair = repairOf(service(null), [A, B, C], '10.0.0.3');
  expect(repair).toMatchObject({ from: { routerId: '10.0.0.1' }, whyNot: null, waits: null });
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

test('of two that nobody runs, nobody says whose counts', () => {
  expect(repairOf(service(null), [A, C], '10.0.0.3')).toBeNull();
  expect(repairOf(service(null), [A, B], '10.0.0.1')).toBeNull();
});

test('of one that is active, though stopped, the operator is told to deactivate it; of one that is ending, to wait', () => {
  const whyNot = (config: string) => repairOf(service(null, config), [A, B, C], '10.0.0.3')?.whyNot;
  for (const config of ['injected', 'active']) expect(whyNot(config)).toMatch(/Deactivate it, .* activate it again/);
  expect(whyNot('deactivated')).toContain('wait until it is inactive');
  expect(whyNot('disabled')).toBeNull();
});

test('of one that has failed, it waits until somebody clears the failure', () => {
  const repair = repairOf(service(null, 'failed'), [A, B, C], '10.0.0.3');
  expect(repair).toMatchObject({ whyNot: null, waits: 'it takes effect when its failure here is cleared' });
});

test('what has changed on either node, or whose counts, makes it another repair', () => {
  const shown = repairOf(service(null), [A, B, C], '10.0.0.3')!;
  const isSame = (owner: string | null, ...all: readonly NodeConfiguration[]) =>
    isSameRepair(shown, repairOf(service(owner), all, '10.0.0.3'));
  expect(isSame(null, A, B, { ...C, preference: 7 })).toBe(true);
  expect(isSame(null, A, B, on('10.0.0.3', { ...ODD, critical: false }))).toBe(false);
  expect(isSame(null, on('10.0.0.1', { critical: false }), on('10.0.0.2', { critical: false }), C)).toBe(false);
  expect(isSame('10.0.0.2', A, B, C)).toBe(false);
  expect(isSame('10.0.0.3', A, B, C)).toBe(false);
});
