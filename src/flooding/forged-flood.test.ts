import { ipv4 } from 'ospfapi-shim';
import { expect, test } from 'vitest';
import { encodeBody } from '../lsa/index.js';
import { routerId } from '../model/index.js';
import { Keys, provable } from '../trust/testing.js';
import { serviceAnnouncement } from './testing/announcements.js';
import { lsaInstance } from './testing/fake-ospfd.js';
import { flood, Node } from './testing/two-nodes.js';
import { address } from './testing/world.js';

const A = address('10.0.0.1');
const B = address('10.0.0.2');

test('a node is heard while somebody floods 5,000 LSAs a second in its name', async () => {
  const keys = new Keys(A, B);
  const marks = [{ routerId: routerId(B), epoch: 500, counter: 0, highest: 500 }];
  const a = new Node(A, keys.trust(A, 'require', { marks }), B);
  await flood(a);
  const word = (counter: number) => ({ ...serviceAnnouncement(counter), sequence: { epoch: 500, counter } });
  const forged = encodeBody(word(9), 'default');
  const lsa = (linkStateId: number, body: Uint8Array) =>
    lsaInstance({ type: 11, linkStateId: ipv4(linkStateId), advertisingRouter: B, body });
  for (let second = 0; second < 3; second++) {
    for (let id = 0; id < 5_000; id++) a.receive(lsa(address('222.0.2.0') + second * 5_000 + id, forged));
    await a.clock.advance(1000);
  }
  const place = { origin: routerId(B), lsaType: 11, series: 3 };
  a.receive(lsa(address('222.7.0.3'), keys.trust(B).prove(provable(word(1)), place)));
  await a.clock.advance(5);
  expect(a.heard).toEqual(['service 500.1']);
  expect(a.trust.status.refused).toBe(15_000);
});
