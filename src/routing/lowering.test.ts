import { expect, test, vi } from 'vitest';
import { aliasAddress, interfaceName } from './alias-request.js';
import { type AliasRecord, AliasTable } from './alias-table.js';
import { HoldDown } from './hold-down.js';
import type { KernelAddress, PlacedAlias } from './kernel-addresses.js';
import { Lowering } from './lowering.js';

function world(services: number, remove: (aliases: readonly PlacedAlias[]) => Promise<KernelAddress[]>) {
  const kernel = { remove: vi.fn(remove) };
  const withdraw = vi.fn(async () => {});
  const warn = vi.fn();
  const gone = vi.fn();
  const lowering = new Lowering({
    kernel,
    networks: { withdraw, withholds: () => false, release: async () => {} },
    records: { remove: () => {} },
    holdDown: new HoldDown(),
    warn,
  });
  const table = new AliasTable();
  const records = Array.from({ length: services }, (_, index): AliasRecord => {
    const address = aliasAddress(`172.16.${16 + (index >> 8)}.${index & 255}`);
    const record = table.begin(`S${index}`, [{ address, interface: interfaceName('lo') }], false);
    table.begun(record);
    return record;
  });
  const allGoDown = () => Promise.all(records.map((record) => lowering.lower(record, gone)));
  return { kernel, withdraw, warn, gone, allGoDown };
}

test('hundreds of services go down in a few requests, so that the renewal of the leases waits for no more', async () => {
  const { kernel, withdraw, gone, allGoDown } = world(300, async () => []);
  await allGoDown();
  expect(gone).toHaveBeenCalledTimes(300);
  expect(kernel.remove.mock.calls.length).toBeLessThanOrEqual(3);
  expect(withdraw.mock.calls.length).toBeLessThanOrEqual(2);
});

test('thousands do not share the time of one request, in which there would be none for any of them', async () => {
  const { kernel, warn, gone, allGoDown } = world(2_000, async (aliases) => {
    if (aliases.length > 200) throw new Error('ip did not answer within 1000 ms');
    return [];
  });
  await allGoDown();
  expect(gone).toHaveBeenCalledTimes(2_000);
  expect(warn).not.toHaveBeenCalled();
  expect(kernel.remove.mock.calls.length).toBeLessThanOrEqual(12);
});
