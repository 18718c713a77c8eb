import type { NetworkInterfaceInfo } from 'node:os';
import { expect, it } from 'vitest';
import { ownAddresses } from './own-addresses.js';

function info(address: string, family: 'IPv4' | 'IPv6' = 'IPv4'): NetworkInterfaceInfo {
  const shared = { address, netmask: '', mac: '', internal: false, cidr: null };
  return family === 'IPv4' ? { ...shared, family } : { ...shared, family, scopeid: 0 };
}

it('the own addresses of a machine are those of its interfaces, without what srrd has put up', () => {
  const found = ownAddresses({
    lo: [info('127.0.0.1')],
    'lo:srrd': [info('172.16.15.128')],
    eth0: [info('10.1.1.1'), info('fe80::1', 'IPv6')],
    'eth0:old': [info('10.1.1.2')],
  });
  expect(Object.fromEntries(found)).toEqual({ '127.0.0.1': 'lo', '10.1.1.1': 'eth0', '10.1.1.2': 'eth0:old' });
});
