import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLab, type Host, type Lab } from './index.js';

describe('a lab with FRR 10', () => {
  let lab: Lab;
  let a: Host;
  let b: Host;

  beforeAll(async () => {
    lab = await createLab({ name: 'ten', frr: '10' });
    const wire = lab.subnet('wire', '10.1.1.0/24', { pointToPoint: true });
    a = await lab.node('a', { subnets: [wire] });
    b = await lab.node('b', { subnets: [wire] });
    await lab.converged();
  });

  afterAll(() => lab?.destroy());

  it('runs FRR 10, with mgmtd', async () => {
    expect(a.frr.major).toBeGreaterThanOrEqual(10);
    expect(await a.vtysh('show version')).toContain(`FRRouting ${a.frr.version}`);
    expect(a.frr.running('mgmtd')).toBe(true);
  });

  it('takes an address through mgmtd and routes it', async () => {
    await a.vtysh(['configure terminal', 'interface lo', 'ip address 172.16.15.1/32 label lo:1'], 'mgmtd');
    await a.vtysh(['configure terminal', 'router ospf', 'network 172.16.15.1/32 area 0']);
    await expect.poll(() => a.holds('172.16.15.1')).toBe(true);
    await expect.poll(() => b.hasRoute('172.16.15.1/32')).toBe(true);
  });
});
