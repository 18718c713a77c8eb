import {
  type CommandOutcome,
  type DaemonAnnouncement,
  type Digest,
  type RevocationNumber,
  type RouterId,
  routerId,
} from '../model/index.js';
import { ByteReader, ByteWriter, Malformed } from './bytes.js';
import { readFlags, writeFlags } from './codes.js';
import { decodeText, encodeText } from './text.js';
import { bodyBytes, type Tlv, type TlvSet, tlv, valueBytesIn } from './tlv.js';
import type { TlvRows } from './tlv-row.js';

const FLAGS = ['standby'] as const;
const CAPABILITIES = ['counts external routes', 'announces external routes'] as const;

export const DAEMON = {
  state: {
    type: 200,
    name: 'daemon state',
    parts: [
      { name: 'version of the rules', is: 'number', bytes: 2 },
      { name: 'flags', is: 'number', bytes: 2, flags: FLAGS },
      { name: 'capabilities', is: 'number', bytes: 4, hex: true, flags: CAPABILITIES },
    ],
  },
  hostName: { type: 201, name: 'host name', whole: 'text' },
  softwareVersion: { type: 202, name: 'software version', whole: 'text' },
  management: {
    type: 203,
    name: 'management',
    parts: [
      { name: 'port of the web server', is: 'number', bytes: 2, zero: 'none' },
      { name: 'reserved', is: 'number', bytes: 2 },
    ],
    repeated: [{ name: 'address of the web server', is: 'address' }],
  },
  ask: { type: 204, name: 'ask list', repeated: [{ name: 'router asked', is: 'router' }] },
  outcome: {
    type: 205,
    name: 'outcome of a command',
    parts: [
      { name: 'issuer', is: 'router' },
      { name: 'nonce', is: 'number', bytes: 4 },
      { name: 'result', is: 'number', bytes: 1, words: { refused: 0, done: 1 } },
      { name: 'text', is: 'text' },
    ],
  },
  revocations: {
    type: 206,
    name: 'revocation lists',
    repeated: [
      { name: 'authority', is: 'bytes', bytes: 8 },
      { name: 'number of its list', is: 'wide number', bytes: 8 },
    ],
  },
  digest: {
    type: 207,
    name: 'digest',
    parts: [
      { name: 'service announcements out', is: 'number', bytes: 4 },
      { name: 'sum of their counters', is: 'number', bytes: 4 },
    ],
  },
  outcomeEpochs: {
    type: 208,
    name: 'epochs of outcomes',
    repeated: [{ name: 'epoch of outcome', is: 'number', bytes: 4, unit: 'time' }],
  },
} as const satisfies TlvRows;

const MAX_HOST_NAME_BYTES = 64;
const MAX_VERSION_BYTES = 32;
const MAX_MANAGEMENT_ADDRESSES = 8;
const MAX_ASKED = 128;
const MAX_OUTCOMES = 16;
const MAX_OUTCOME_TEXT_BYTES = 255;
const MAX_REVOCATIONS = 4;
/** Issuer, nonce and result. */
const OUTCOME_FIXED_BYTES = 9;
/** An outcome with 15 bytes of text: it may not be crowded out by nodes that are asked. */
const LEAST_OUTCOME_BYTES = 28;

/** The TLVs of the Daemon LSA after header and cluster, in at most `room` bytes. Throws a RangeError (encodeBody). */
export function daemonTlvs(announcement: DaemonAnnouncement, room: number): Tlv[] {
  const tlvs: Tlv[] = [
    tlv(DAEMON.state, stateValue(announcement)),
    tlv(DAEMON.hostName, encodeText(announcement.hostName, MAX_HOST_NAME_BYTES)),
    tlv(DAEMON.softwareVersion, encodeText(announcement.softwareVersion, MAX_VERSION_BYTES)),
    tlv(DAEMON.management, managementValue(announcement)),
  ];
  const { outcomes, revocations, digest } = announcement;
  const last: Tlv[] = [];
  if (revocations.length > 0) last.push(tlv(DAEMON.revocations, revocationsValue(revocations)));
  if (digest !== null) last.push(tlv(DAEMON.digest, digestValue(digest)));
  const epochs = outcomes.slice(-MAX_OUTCOMES).map(({ epoch }) => epoch);
  if (epochs.length > 0 && isKnown(epochs)) last.push(tlv(DAEMON.outcomeEpochs, epochsValue(epochs)));
  const leftForAsks =
    room - bodyBytes([...tlvs, ...last]) - Math.min(outcomes.length, MAX_OUTCOMES) * LEAST_OUTCOME_BYTES;
  const asked = announcement.ask.slice(0, Math.max(0, valueBytesIn(leftForAsks) / 4));
  if (asked.length > 0) tlvs.push(tlv(DAEMON.ask, askValue(asked)));
  return [...tlvs, ...outcomeTlvs(outcomes, room - bodyBytes([...tlvs, ...last])), ...last];
}

/** Throws Malformed. */
export function readDaemon(tlvs: TlvSet): Omit<DaemonAnnouncement, 'sequence'> {
  const hostName = tlvs.mandatory(DAEMON.hostName);
  const softwareVersion = tlvs.mandatory(DAEMON.softwareVersion);
  return {
    kind: 'daemon',
    ...readState(tlvs.mandatory(DAEMON.state)),
    hostName: decodeText('the host name', hostName, MAX_HOST_NAME_BYTES),
    softwareVersion: decodeText('the software version', softwareVersion, MAX_VERSION_BYTES),
    ...readManagement(tlvs.mandatory(DAEMON.management)),
    ask: readAsk(tlvs.optional(DAEMON.ask)),
    outcomes: readOutcomes(tlvs.all(DAEMON.outcome), tlvs.optional(DAEMON.outcomeEpochs)),
    revocations: readRevocations(tlvs.optional(DAEMON.revocations)),
    digest: readDigest(tlvs.optional(DAEMON.digest)),
  };
}

function stateValue({ rulesVersion, standby, capabilities }: DaemonAnnouncement): Uint8Array {
  return new ByteWriter()
    .uint16('rules version', rulesVersion)
    .uint16('flags', writeFlags(FLAGS, { standby }))
    .uint32('capabilities', capabilities)
    .done();
}

function readState(value: Uint8Array): Pick<DaemonAnnouncement, 'rulesVersion' | 'standby' | 'capabilities'> {
  const reader = new ByteReader(value, 'the daemon state');
  const rulesVersion = reader.uint16();
  const { standby } = readFlags(FLAGS, reader.uint16());
  const capabilities = reader.uint32();
  reader.end();
  return { rulesVersion, standby, capabilities };
}

function managementValue({ managementPort, managementAddresses }: DaemonAnnouncement): Uint8Array {
  const writer = new ByteWriter().uint16('management port', managementPort).uint16('reserved', 0);
  for (const address of managementAddresses.slice(0, MAX_MANAGEMENT_ADDRESSES)) {
    writer.ipv4('a management address', address);
  }
  return writer.done();
}

function readManagement(value: Uint8Array): Pick<DaemonAnnouncement, 'managementPort' | 'managementAddresses'> {
  const reader = new ByteReader(value, 'the management TLV');
  const managementPort = reader.uint16();
  reader.uint16();
  const managementAddresses: string[] = [];
  while (reader.remaining > 0) managementAddresses.push(reader.ipv4());
  if (managementAddresses.length > MAX_MANAGEMENT_ADDRESSES) {
    throw new Malformed(`${managementAddresses.length} management addresses, at most ${MAX_MANAGEMENT_ADDRESSES}`);
  }
  return { managementPort, managementAddresses };
}

function askValue(ask: readonly RouterId[]): Uint8Array {
  return ask
    .slice(0, MAX_ASKED)
    .reduce((writer, id) => writer.uint32('a router ID of the ask list', id), new ByteWriter())
    .done();
}

function readAsk(value: Uint8Array | undefined): RouterId[] {
  if (value === undefined) return [];
  const reader = new ByteReader(value, 'the ask list');
  const ask: RouterId[] = [];
  while (reader.remaining > 0) ask.push(routerId(reader.uint32()));
  if (ask.length === 0) throw new Malformed('the ask list is empty');
  if (ask.length > MAX_ASKED) throw new Malformed(`the ask list has ${ask.length} router IDs, at most ${MAX_ASKED}`);
  return ask;
}

/** The last outcomes are the newest. Each gets an equal share of the room, so that no long text crowds another out. */
function outcomeTlvs(outcomes: readonly CommandOutcome[], room: number): Tlv[] {
  const sent = outcomes.slice(-MAX_OUTCOMES);
  const share = valueBytesIn(room / Math.max(1, sent.length)) - OUTCOME_FIXED_BYTES;
  const limit = Math.min(MAX_OUTCOME_TEXT_BYTES, share);
  return sent.map((outcome) => tlv(DAEMON.outcome, outcomeValue(outcome, limit)));
}

function outcomeValue({ issuer, nonce, ok, text }: CommandOutcome, limit: number): Uint8Array {
  return new ByteWriter()
    .uint32('issuer', issuer)
    .uint32('nonce', nonce)
    .uint8('result', ok ? 1 : 0)
    .bytes(encodeText(text, limit))
    .done();
}

function isKnown(epochs: readonly (number | null)[]): epochs is readonly number[] {
  return epochs.every((epoch) => epoch !== null);
}

function epochsValue(epochs: readonly number[]): Uint8Array {
  return epochs.reduce((writer, epoch) => writer.uint32('the epoch of an outcome', epoch), new ByteWriter()).done();
}

function readOutcomes(values: readonly Uint8Array[], epochs: Uint8Array | undefined): CommandOutcome[] {
  if (values.length > MAX_OUTCOMES) throw new Malformed(`${values.length} outcomes, at most ${MAX_OUTCOMES}`);
  if (epochs === undefined) return values.map((value) => readOutcome(value, null));
  const reader = new ByteReader(epochs, 'the list of epochs');
  const outcomes = values.map((value) => readOutcome(value, reader.uint32()));
  reader.end();
  return outcomes;
}

function readOutcome(value: Uint8Array, epoch: number | null): CommandOutcome {
  const reader = new ByteReader(value, 'an outcome');
  const issuer = routerId(reader.uint32());
  const nonce = reader.uint32();
  const result = reader.uint8();
  if (result > 1) throw new Malformed(`the result of an outcome is ${result} instead of 0 or 1`);
  return {
    issuer,
    epoch,
    nonce,
    ok: result === 1,
    text: decodeText('the text of an outcome', reader.rest(), MAX_OUTCOME_TEXT_BYTES),
  };
}

function revocationsValue(revocations: readonly RevocationNumber[]): Uint8Array {
  return revocations
    .slice(0, MAX_REVOCATIONS)
    .reduce(
      (writer, { authority, number }) =>
        writer
          .bytes(authorityBytes(authority))
          .uint32("a revocation list's number", Math.floor(number / 2 ** 32))
          .uint32("a revocation list's number", number % 2 ** 32),
      new ByteWriter(),
    )
    .done();
}

function authorityBytes(authority: string): Uint8Array {
  if (/^[0-9a-f]{16}$/.test(authority)) return Buffer.from(authority, 'hex');
  throw new RangeError(`an authority must be 16 hexadecimal digits, not '${authority}'`);
}

function readRevocations(value: Uint8Array | undefined): RevocationNumber[] {
  if (value === undefined) return [];
  const reader = new ByteReader(value, 'the revocation lists');
  const lists: RevocationNumber[] = [];
  while (reader.remaining > 0) {
    const authority = Buffer.from(reader.bytes(8)).toString('hex');
    const number = reader.uint32() * 2 ** 32 + reader.uint32();
    if (!Number.isSafeInteger(number)) throw new Malformed("a revocation list's number is above 2^53 - 1");
    lists.push({ authority, number });
  }
  if (lists.length === 0) throw new Malformed('the revocation lists are empty');
  if (lists.length > MAX_REVOCATIONS) {
    throw new Malformed(`${lists.length} revocation lists, at most ${MAX_REVOCATIONS}`);
  }
  return lists;
}

function digestValue({ services, counters }: Digest): Uint8Array {
  return new ByteWriter().uint32('services of the digest', services).uint32('counters of the digest', counters).done();
}

function readDigest(value: Uint8Array | undefined): Digest | null {
  if (value === undefined) return null;
  const reader = new ByteReader(value, 'the digest');
  const services = reader.uint32();
  const counters = reader.uint32();
  reader.end();
  return { services, counters };
}
