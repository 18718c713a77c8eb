import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { newestReplicas } from './announcements.js';
import { readBfdPeers, readInstance, readInterfaces, readNeighbours, readVersion } from './answers.js';
import { readOspfConfiguration, readSavedLines } from './configuration-lines.js';
import { readListeners } from './listeners.js';
import { readLsdb } from './lsdb.js';

/** What FRR and the kernel said in a lab of two nodes and a router, word for word. */
function captured(name: string): string {
  return readFileSync(fileURLToPath(new URL(`./captured/${name}`, import.meta.url)), 'utf8');
}

describe.each(['8.4.4', '10.3'])('what FRR %s says', (version) => {
  const read = (name: string) => captured(`${version}/${name}`);

  test('its version', () => {
    expect(readVersion(read('version.txt')).text).toBe(version);
  });

  test('its timers', () => {
    expect(readInstance(read('ospf.json'))).toMatchObject({
      opaqueCapable: true,
      spfDelayMs: 0,
      spfHoldMs: 50,
      spfMaxHoldMs: 500,
      lsaThrottleMs: 0,
      lsaMinArrivalMs: 0,
    });
  });

  test('that there is no OSPF, in its different words', () => {
    for (const text of [
      '',
      '{}\n',
      '{\n}\n',
      '% OSPF instance not found\n',
      '% OSPF is not enabled in vrf default\n',
    ]) {
      expect([readInstance(text), readInterfaces(text), readNeighbours(text)]).toEqual([null, [], []]);
    }
  });

  test('its interfaces, without loopbacks', () => {
    const [first, ...others] = readInterfaces(read('interfaces.json'));
    expect(first).toEqual({
      ...{ name: 'eth0', area: '0.0.0.0', networkType: 'BROADCAST', state: version === '10.3' ? 'Backup' : 'DROther' },
      ...{ priority: 1, hasDr: true, mtu: 1500, deadMs: 4000, neighbours: 2, passive: false },
    });
    expect(others.map(({ name }) => name)).toEqual(version === '10.3' ? [] : ['eth1']);
  });

  test('its neighbours, and for how long one is stuck', () => {
    expect(readNeighbours(read('neighbours.json')).map(({ state }) => state)).toContain('Full');
    const stuck = readNeighbours(read('neighbours-mtu-differs.json')).filter(({ state }) => state !== 'Full');
    expect(stuck.length).toBeGreaterThan(0);
    for (const one of stuck) {
      expect(['ExStart', 'Exchange']).toContain(one.state);
      expect(one.sinceMs).toBeGreaterThan(10_000);
    }
  });

  test('its BFD sessions', () => {
    for (const peer of readBfdPeers(read('bfd-peers.json'))) expect(peer).toMatchObject({ up: true, detectionMs: 150 });
  });

  test('its configuration', () => {
    const { hasRouterOspf, routerLines, interfaceLines } = readOspfConfiguration(read('running-config.txt'));
    expect(hasRouterOspf).toBe(true);
    expect(routerLines).toContain('timers lsa min-arrival 0');
    expect(interfaceLines.get('eth0')).toContain('ip ospf bfd');
  });

  test('its LSAs with their length, and the announcements in them', () => {
    const lsdb = readLsdb(read('opaque-as.txt'));
    expect(lsdb[0]).toMatchObject({ type: 'AS-external Opaque', advertisingRouter: '10.0.0.1', length: 96 });
    const replicas = newestReplicas(lsdb, 'default');
    expect(replicas.map(({ origin, announcement }) => [origin, announcement.definition.name])).toEqual([
      ['10.0.0.1', 'WEB'],
    ]);
    expect(newestReplicas(lsdb, 'other')).toEqual([]);
  });
});

test('a neighbour that does not hear us is in Init', () => {
  expect(readNeighbours(captured('8.4.4/neighbours-one-way.json'))[0]).toMatchObject({
    state: 'Init',
    sinceMs: 7657,
    bfd: 'Unknown',
  });
});

test('an LSA that is being flushed counts no more', () => {
  expect(readLsdb(captured('10.3/opaque-as-flushed.txt'))).toEqual([]);
});

test('sockets that listen, not those that are connected', () => {
  expect(readListeners(captured('8.4.4/proc-net-tcp.txt'))).toEqual([
    { address: '0.0.0.0', port: 2607 },
    { address: '127.0.0.1', port: 2604 },
    { address: '127.0.0.1', port: 2601 },
    { address: '127.0.0.1', port: 2617 },
  ]);
});

test('IPv6 sockets that take IPv4 connections too', () => {
  const line = (address: string) => `   0: ${address}:0A2F ${'0'.repeat(32)}:0000 0A 00000000:00000000`;
  expect(readListeners(line('0'.repeat(32)))).toEqual([{ address: '0.0.0.0', port: 2607 }]);
  expect(readListeners(line('00000000000000000000000001000000'))).toEqual([{ address: '127.0.0.1', port: 2607 }]);
});

test('lines about single addresses in a file of FRR', () => {
  const text =
    'interface lo\n ip address 10.0.0.1/32\nrouter ospf\n network 172.16.15.1/32 area 0\n network 10.1.1.0/24 area 0\n';
  expect(readSavedLines('f', text)).toEqual([
    { file: 'f', lineNumber: 2, text: 'ip address 10.0.0.1/32', address: '10.0.0.1', kind: 'address' },
    { file: 'f', lineNumber: 4, text: 'network 172.16.15.1/32 area 0', address: '172.16.15.1', kind: 'announced' },
  ]);
});

test.each(['', '{', '[]', 'null', '{"interfaces":7}', '{"neighbors":[1]}', '% Unknown command'])(
  'what is no answer (%j) is an error in words, or nothing',
  (text) => {
    for (const read of [readVersion, readInstance, readInterfaces, readNeighbours, readBfdPeers]) {
      try {
        read(text);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        expect((error as Error).message.length).toBeGreaterThan(5);
      }
    }
    expect(readLsdb(text)).toEqual([]);
  },
);
