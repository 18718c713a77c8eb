import { ipv4, type LsaInstance } from 'ospfapi-shim';
import { Inbox } from '../../../src/flooding/inbox.js';
import {
  commandAnnouncement as plainCommand,
  daemonAnnouncement as plainDaemon,
  serviceAnnouncement as plainService,
} from '../../../src/flooding/testing/announcements.js';
import { lsaInstance } from '../../../src/flooding/testing/fake-ospfd.js';
import { sealBody } from '../../../src/lsa/header.js';
import { decodeBody, encodeBody, MAX_BODY_BYTES } from '../../../src/lsa/index.js';
import { daemonAnnouncement, serviceAnnouncement } from '../../../src/lsdb/testing/announcements.js';
import { type Announcement, routerId } from '../../../src/model/index.js';
import { orderNamed } from '../../../src/tables/index.js';
import { Keys, provable } from '../../../src/trust/testing.js';
import { Broken, shape, type Target } from '../target.js';

const ANNOUNCEMENTS: readonly Announcement[] = [
  serviceAnnouncement,
  daemonAnnouncement,
  plainService(1),
  plainService(2, 'DISK', { kind: 'resource', addresses: [], handover: 'exclusive' }),
  plainDaemon(3),
  plainCommand(4),
  { ...plainCommand(5), order: orderNamed('confirm-stopped', 'DISK'), holder: routerId(7) },
  { ...plainCommand(6), order: { of: 'node', command: 'standby' } },
];
const CONVERSATION = {
  asks: [{ routerId: routerId(2), nonce: '0123456789abcdef' }],
  answers: [{ routerId: routerId(3), nonce: 'fedcba9876543210' }],
};

/** The body of an announcement, as it is read where no proof is asked for. */
export const body: Target = {
  name: 'body',
  share: 10,
  seeds: ANNOUNCEMENTS.flatMap((each) => [
    encodeBody(each, 'default'),
    encodeBody(each, 'default', { forProof: false, conversation: CONVERSATION }),
  ]),
  repair,
  read: (bytes) => {
    const decoded = decodeBody(bytes);
    if (!decoded.ok) {
      if (UNEXPECTED.test(decoded.reason)) throw new Broken(`an exception that is no refusal: ${decoded.reason}`);
      return shape(decoded.reason);
    }
    const { announcement } = decoded;
    if (bytes.length > MAX_BODY_BYTES) throw new Broken(`${bytes.length} bytes were read`);
    const again = decodeBody(encodeBody(announcement, decoded.cluster));
    if (!again.ok) throw new Broken(`what was read cannot be written: ${again.reason}`);
    const [first, second] = [announcement, again.announcement].map(comparable);
    if (first !== second) throw new Broken(`what was read is written otherwise: ${first} and ${second}`);
    return `${announcement.kind} ${Object.values(announcement).map(kindOf).join('')}`;
  },
};

const ORIGIN = 2;
const signer = new Keys(1, ORIGIN);
const place = { origin: routerId(ORIGIN), lsaType: 11, series: 3 };
const signed = ANNOUNCEMENTS.map((each) => signer.trust(ORIGIN).prove(provable(each), place));
const genuine = new Set(signed.map((bytes) => Buffer.from(bytes).toString('hex')));
const trust = signer.trust(1, 'require', {
  marks: [{ routerId: routerId(ORIGIN), epoch: 1, counter: 0, highest: 1 }],
});
const inbox = new Inbox({ cluster: 'default', notice: () => {}, trust, self: () => routerId(1) });

/** The body of an LSA where proofs are required: nothing is heard but what its node has signed. */
export const proof: Target = {
  name: 'proof',
  share: 1,
  seeds: signed,
  repair,
  read: (bytes) => {
    const heard = inbox.arrived(arrival(bytes)).some(({ type }) => type === 'announcement');
    if (heard && !genuine.has(Buffer.from(bytes).toString('hex'))) throw new Broken('believed, and nobody signed it');
    inbox.sessionBegan();
    const [node] = trust.status.nodes;
    return `${heard} ${node?.lastRefusal}`;
  },
};

/** What the language says when it is asked for what is not there. */
const UNEXPECTED = /Cannot|is not a function|undefined|not iterable|Invalid|Maximum call|out of|outside the bounds/;

/** The header's length and checksum are those of the bytes. */
function repair(bytes: Uint8Array): Uint8Array {
  return bytes.length < 24 ? bytes : sealBody(bytes.slice());
}

/** Texts may be cut where another order of TLVs leaves less room, and outcomes with them. */
function comparable(announcement: Announcement): string {
  return JSON.stringify({ ...announcement, failure: null, outcomes: null });
}

function kindOf(value: unknown): string {
  if (value === null) return '-';
  return Array.isArray(value)
    ? String(Math.min(value.length, 3))
    : typeof value === 'boolean'
      ? String(value)[0]!
      : '.';
}

function arrival(bytes: Uint8Array): LsaInstance {
  return lsaInstance({ type: 11, linkStateId: ipv4(0xde_01_00_03), advertisingRouter: ipv4(ORIGIN), body: bytes });
}
