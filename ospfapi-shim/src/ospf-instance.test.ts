import { describe, expect, it } from 'vitest';
import { hasOspfInstance, showsOspfSocket } from './ospf-instance.js';

const HEADER =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n';

describe('whether an OSPF instance runs', () => {
  it('is seen by the raw socket of IP protocol 89', () => {
    const line =
      '  81: 00000000:0059 00000000:0000 07 00000000:00000000 00:00000000 00000000   103        0 35918 2 0 0\n';
    expect(showsOspfSocket(HEADER + line)).toBe(true);
  });

  it('is not seen by another raw socket, even one whose other numbers are the same', () => {
    const line =
      '   1: 00000000:0001 00000000:0059 07 00000000:00000059 00:00000000 00000000   103        0 35918 2 0 0\n';
    expect(showsOspfSocket(HEADER + line)).toBe(false);
    expect(showsOspfSocket(HEADER)).toBe(false);
  });

  it('can be asked on any system', async () => {
    expect(await hasOspfInstance()).toBeTypeOf('boolean');
  });
});
