import { expect, test, vi } from 'vitest';
import { aliasAddress, interfaceName } from './alias-request.js';
import { AliasTable } from './alias-table.js';
import { HoldDown } from './hold-down.js';
import { Lowering } from './lowering.js';

test('hundreds of services go down in two requests, so that the renewal of the leases waits for no more', async () => {
  const remove = vi.fn(async () => []);
  const withdraw = vi.fn(async () => {});
  const lowering = new Lowering({
    kernel: { remove },
    networks: { withdraw, withholds: () => false, release: async () => {} },
    records: { remove: () => {} },
    holdDown: new HoldDown(),
    warn: () => {},
  });
  const table = new AliasTable();
  const gone = vi.fn();
  const records = Array.from({ length: 300 }, (_, index) => {
    const address = aliasAddress(`172.16.${16 + (index >> 8)}.${index & 255}`);
    const record = table.begin(`S${index}`, [{ address, interface: interfaceName('lo') }], false);
    table.begun(record);
    return record;
  });
  await Promise.all(records.map((record) => lowering.lower(record, gone)));
  expect(gone).toHaveBeenCalledTimes(300);
  expect(remove.mock.calls.length).toBeLessThanOrEqual(2);
  expect(withdraw.mock.calls.length).toBeLessThanOrEqual(2);
});
