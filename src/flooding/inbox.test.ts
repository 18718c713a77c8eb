import fc from 'fast-check';
import { parseIpv4 } from 'ospfapi-shim';
import { beforeEach, describe, expect, test } from 'vitest';
import { encodeBody } from '../lsa/index.js';
import { type Announcement, routerId } from '../model/index.js';
import { believeEverybody } from '../trust/index.js';
import { Inbox } from './inbox.js';
import type { TransportNotice } from './notice.js';
import { commandAnnouncement, daemonAnnouncement, serviceAnnouncement } from './testing/announcements.js';
import { type LsaFields, lsaInstance } from './testing/fake-ospfd.js';

const ORIGIN = parseIpv4('10.0.0.2')!;

let notices: TransportNotice[];
let inbox: Inbox;

beforeEach(() => {
  notices = [];
  inbox = new Inbox({
    cluster: 'default',
    notice: (notice) => notices.push(notice),
    trust: believeEverybody('default'),
    self: () => null,
  });
});

test('an LSA with an announcement is told with its origin, link state ID and age', () => {
  expect(inbox.arrived(lsa('222.7.0.3', serviceAnnouncement(1), { age: 12 }))).toEqual([
    {
      type: 'announcement',
      origin: routerId(ORIGIN),
      lsaId: '222.7.0.3',
      ageSeconds: 12,
      announcement: serviceAnnouncement(1),
    },
  ]);
});

test('its end is told with what it carried last', () => {
  inbox.arrived(lsa('222.7.0.3', serviceAnnouncement(1)));
  const last = lsa('222.7.0.3', serviceAnnouncement(2));
  inbox.arrived(last);
  expect(inbox.left(last)).toEqual([
    {
      type: 'withdrawal',
      origin: routerId(ORIGIN),
      lsaId: '222.7.0.3',
      subject: { kind: 'service', service: 'WEB' },
      sequence: { epoch: 1, counter: 2 },
    },
  ]);
  expect(inbox.left(last)).toEqual([]);
});

test('an instance with MaxAge is the end of it', () => {
  inbox.arrived(lsa('222.7.0.3', serviceAnnouncement(1)));
  const events = inbox.arrived(lsa('222.7.0.3', serviceAnnouncement(1), { age: 3600 }));
  expect(events.map(({ type }) => type)).toEqual(['withdrawal']);
});

test('another subject in the same LSA ends the first', () => {
  inbox.arrived(lsa('222.7.0.3', serviceAnnouncement(1, 'OLD')));
  const events = inbox.arrived(lsa('222.7.0.3', serviceAnnouncement(2, 'NEW')));
  expect(events).toMatchObject([{ type: 'withdrawal', subject: { service: 'OLD' } }, { type: 'announcement' }]);
});

test('an announcement that is older than what the LSA carried ends it: a node began anew with a lower epoch', () => {
  inbox.arrived(lsa('222.7.0.3', serviceAnnouncement(5)));
  const events = inbox.arrived(lsa('222.7.0.3', serviceAnnouncement(2)));
  expect(events).toMatchObject([{ type: 'withdrawal', sequence: { counter: 5 } }, { type: 'announcement' }]);
});

test('the same link state ID in two areas is two LSAs', () => {
  const inOne = { type: 10, area: parseIpv4('0.0.0.1')! };
  const inTwo = { type: 10, area: parseIpv4('0.0.0.2')! };
  const announcement = serviceAnnouncement(1, 'WEB', { scope: 'area' });
  inbox.arrived(lsa('222.7.0.3', announcement, inOne));
  inbox.arrived(lsa('222.7.0.3', announcement, inTwo));
  expect(inbox.left(lsa('222.7.0.3', announcement, inOne))).toHaveLength(1);
  expect(inbox.left(lsa('222.7.0.3', announcement, inTwo))).toHaveLength(1);
});

test('a new session begins with nothing known', () => {
  const known = lsa('222.7.0.3', serviceAnnouncement(1));
  inbox.arrived(known);
  inbox.sessionBegan();
  expect(inbox.left(known)).toEqual([]);
});

describe('what is not ours', () => {
  test('other opaque types and other LSA types are not looked at', () => {
    expect(inbox.arrived(lsa('1.0.0.3', serviceAnnouncement(1)))).toEqual([]);
    expect(inbox.arrived(lsa('222.0.0.3', serviceAnnouncement(1), { type: 5 }))).toEqual([]);
    expect(inbox.counters).toEqual({ malformed: 0, otherCluster: 0, tooMany: 0 });
  });

  test('announcements of another cluster are counted, told once, and ignored', () => {
    const body = encodeBody(serviceAnnouncement(1), 'other');
    for (let series = 0; series < 5; series++) expect(inbox.arrived(lsa(`222.0.0.${series}`, body))).toEqual([]);
    expect(inbox.left(lsa('222.0.0.1', body))).toEqual([]);
    expect(inbox.counters).toEqual({ malformed: 0, otherCluster: 5, tooMany: 0 });
    expect(notices).toEqual([
      { type: 'other-cluster', origin: routerId(ORIGIN), lsaId: '222.0.0.0', cluster: 'other' },
    ]);
  });

  test('more LSAs of one router than a node can need are counted, told once, and not read', () => {
    const most = 20_000;
    const id = (number: number) => `222.${Math.floor(number / 200)}.0.${number % 200}`;
    for (let number = 0; number < most; number++) inbox.arrived(lsa(id(number), serviceAnnouncement(1)));
    expect(inbox.arrived(lsa(id(most), serviceAnnouncement(1)))).toEqual([]);
    expect(inbox.arrived(lsa(id(most + 1), serviceAnnouncement(1)))).toEqual([]);
    expect(inbox.counters.tooMany).toBe(2);
    expect(notices).toEqual([{ type: 'too-many', origin: routerId(ORIGIN), limit: most }]);
    // What is known goes on, and makes room when it goes.
    expect(inbox.arrived(lsa(id(1), serviceAnnouncement(2)))).toHaveLength(1);
    expect(inbox.left(lsa(id(0), serviceAnnouncement(1)))).toHaveLength(1);
    expect(inbox.arrived(lsa(id(most), serviceAnnouncement(1)))).toHaveLength(1);
  });
});

describe('what is malformed', () => {
  test('is counted, told once for each origin, and otherwise as if it had not come', () => {
    const known = lsa('222.7.0.3', serviceAnnouncement(1));
    inbox.arrived(known);
    for (let series = 0; series < 1000; series++) {
      expect(inbox.arrived(lsa(`222.7.${series >> 8}.${series & 255}`, Uint8Array.of(1, 2, 3)))).toEqual([]);
    }
    expect(inbox.counters.malformed).toBe(1000);
    expect(notices).toHaveLength(1);
    expect(inbox.left(known)).toHaveLength(1);
    inbox.arrived(lsa('222.7.0.3', new Uint8Array(), { advertisingRouter: parseIpv4('10.0.0.3')! }));
    expect(notices).toHaveLength(2);
  });

  test('any number of origins gives a limited number of notices', () => {
    for (let origin = 1; origin <= 3000; origin++) {
      inbox.arrived(
        lsa('222.0.0.0', new Uint8Array(), { advertisingRouter: parseIpv4(`10.1.${origin >> 8}.${origin & 255}`)! }),
      );
    }
    expect(notices).toHaveLength(1000);
    expect(inbox.counters.malformed).toBe(3000);
  });

  test.each([
    ['a Daemon announcement under a service number', '222.0.0.1', daemonAnnouncement(1), 11],
    ['a Daemon announcement under the number of commands', '222.0.1.1', daemonAnnouncement(1), 11],
    ['a Service announcement under the number of the daemon', '222.0.1.0', serviceAnnouncement(1), 11],
    ['a Service announcement under a reserved number', '222.0.1.255', serviceAnnouncement(1), 11],
    ['a Command announcement under a service number', '222.0.2.0', commandAnnouncement(1), 11],
    ['a Daemon announcement in an LSA of area scope', '222.0.1.0', daemonAnnouncement(1), 10],
    ['a Service announcement of area scope in an LSA of AS scope', '222.0.0.1', ofScope('area'), 11],
    ['a Service announcement of AS scope in an LSA of link scope', '222.0.0.1', ofScope('as'), 9],
  ])('%s is malformed too', (_, lsaId, announcement, type) => {
    expect(inbox.arrived(lsa(lsaId, announcement, { type }))).toEqual([]);
    expect(inbox.counters.malformed).toBe(1);
  });

  test('no bytes do any harm', () => {
    const genuine = encodeBody(serviceAnnouncement(1), 'default');
    const damaged = fc.array(fc.tuple(fc.nat(genuine.length - 1), fc.nat(255)), { minLength: 1 }).map((changes) => {
      const body = Uint8Array.from(genuine);
      for (const [index, byte] of changes) body[index] = byte;
      return body;
    });
    const id = fc.nat(0xff_ffff).map((value) => `222.${value >> 16}.${(value >> 8) & 255}.${value & 255}`);
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 2000 })), id, (body, lsaId) => {
        for (const event of inbox.arrived(lsa(lsaId, body))) expect(event.type).toMatch(/announcement|withdrawal/);
        inbox.left(lsa(lsaId, body));
      }),
    );
  });
});

function ofScope(scope: 'area' | 'as') {
  return serviceAnnouncement(1, 'WEB', { scope });
}

function lsa(lsaId: string, content: Announcement | Uint8Array, fields: Partial<LsaFields> = {}) {
  const body = content instanceof Uint8Array ? content : encodeBody(content, 'default');
  return lsaInstance({ type: 11, linkStateId: parseIpv4(lsaId)!, advertisingRouter: ORIGIN, body, ...fields });
}
