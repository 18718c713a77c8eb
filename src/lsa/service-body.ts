import {
  type Assent,
  type Failure,
  MAX_ADDRESSES,
  MAX_CLAIM,
  MAX_DEPENDENCIES,
  routerId,
  type ServiceAnnouncement,
  type SharedDefinition,
} from '../model/index.js';
import { FAILURE_NUMBERS } from '../tables/index.js';
import { ByteReader, ByteWriter, Malformed } from './bytes.js';
import { knownWordFor, RUN_STATES, readFlags, SCOPES, SERVICE_KINDS, wordFor, writeFlags } from './codes.js';
import { decodeName, decodeText, encodeName, encodeText } from './text.js';
import { bodyBytes, type Tlv, type TlvSet, tlv, valueBytesIn } from './tlv.js';
import type { TlvRows } from './tlv-row.js';

export const SERVICE = {
  name: { type: 100, name: 'service name', whole: 'text' },
  group: { type: 101, name: 'group', whole: 'text' },
  state: {
    type: 102,
    name: 'service state',
    parts: [
      { name: 'kind', is: 'number', bytes: 1, words: SERVICE_KINDS },
      { name: 'run state', is: 'number', bytes: 1, words: RUN_STATES },
      { name: 'scope', is: 'number', bytes: 1, words: SCOPES },
      { name: 'preference', is: 'number', bytes: 1 },
      {
        ...{ name: 'flags', is: 'number', bytes: 4 },
        flags: ['critical', 'standby', 'joining', 'handover overlap', 'pinned', 'no preempt'],
      },
      { name: 'claim', is: 'number', bytes: 4, zero: 'not the owner' },
      { name: 'check interval', is: 'number', bytes: 4, unit: 'milliseconds' },
      { name: 'check stamp', is: 'number', bytes: 4, zero: 'never checked', unit: 'time' },
    ],
  },
  definitionHash: { type: 103, name: 'definition hash', whole: 'hex' },
  ipv4Addresses: { type: 104, name: 'IPv4 addresses', repeated: [{ name: 'address', is: 'address' }] },
  /** Reserved: skipped by this version. */
  ipv6Addresses: { type: 105, name: 'IPv6 addresses' },
  dependencies: { type: 106, name: 'dependencies', repeated: [{ name: 'dependency', is: 'counted text' }] },
  area: { type: 107, name: 'area', parts: [{ name: 'area', is: 'address' }] },
  assent: {
    type: 108,
    name: 'assent',
    parts: [
      { name: 'owner assented to', is: 'router' },
      { name: 'claim assented to', is: 'number', bytes: 4 },
    ],
  },
  failure: {
    type: 109,
    name: 'failure',
    parts: [
      { name: 'failure code', is: 'number', bytes: 2, words: FAILURE_NUMBERS },
      { name: 'reason', is: 'text' },
    ],
  },
  knownClaim: {
    type: 110,
    name: 'highest known claim',
    parts: [{ name: 'highest known claim', is: 'number', bytes: 4 }],
  },
} as const satisfies TlvRows;

const FLAGS = ['critical', 'standby', 'joining', 'overlap', 'pinned', 'noPreempt'] as const;
const MAX_REASON_BYTES = 255;

/** The TLVs of a Service LSA after header and cluster, in at most `room` bytes. Throws a RangeError (encodeBody). */
export function serviceTlvs(announcement: ServiceAnnouncement, room: number): Tlv[] {
  const { definition, knownClaim, assent, failure } = announcement;
  checkKind(definition, (text) => new RangeError(text));
  const tlvs: Tlv[] = [
    tlv(SERVICE.name, encodeName('the service name', definition.name)),
    tlv(SERVICE.group, encodeName('the group name', definition.group)),
    tlv(SERVICE.state, stateValue(announcement)),
    tlv(SERVICE.definitionHash, hashValue(announcement.definitionHash)),
  ];
  if (definition.addresses.length > 0) tlvs.push(tlv(SERVICE.ipv4Addresses, addressesValue(definition)));
  if (definition.dependsOn.length > 0) tlvs.push(tlv(SERVICE.dependencies, dependenciesValue(definition)));
  if (definition.area !== null) {
    tlvs.push(tlv(SERVICE.area, new ByteWriter().ipv4('the area', definition.area).done()));
  }
  if (assent !== null) tlvs.push(tlv(SERVICE.assent, assentValue(assent)));
  const last = knownClaim === null ? [] : [tlv(SERVICE.knownClaim, knownClaimValue(knownClaim))];
  if (failure !== null) {
    tlvs.push(tlv(SERVICE.failure, failureValue(failure, room - bodyBytes([...tlvs, ...last]))));
  }
  return [...tlvs, ...last];
}

/** Throws Malformed. */
export function readService(tlvs: TlvSet): Omit<ServiceAnnouncement, 'sequence'> {
  const state = readState(tlvs.mandatory(SERVICE.state));
  const area = tlvs.optional(SERVICE.area);
  const assent = tlvs.optional(SERVICE.assent);
  const failure = tlvs.optional(SERVICE.failure);
  const knownClaim = tlvs.optional(SERVICE.knownClaim);
  const definition: SharedDefinition = {
    name: decodeName('the service name', tlvs.mandatory(SERVICE.name)),
    group: decodeName('the group name', tlvs.mandatory(SERVICE.group)),
    dependsOn: readDependencies(tlvs.optional(SERVICE.dependencies)),
    kind: state.kind,
    critical: state.flags.critical,
    addresses: readAddresses(tlvs.optional(SERVICE.ipv4Addresses)),
    scope: state.scope,
    area: area === undefined ? null : readArea(area),
    preempt: !state.flags.noPreempt,
    handover: state.flags.overlap ? 'overlap' : 'exclusive',
  };
  checkKind(definition, (text) => new Malformed(text));
  return {
    kind: 'service',
    definition,
    preference: state.preference,
    runState: state.runState,
    standby: state.flags.standby,
    joining: state.flags.joining,
    pinned: state.flags.pinned,
    claim: state.claim,
    knownClaim: knownClaim === undefined ? null : readKnownClaim(knownClaim),
    assent: assent === undefined ? null : readAssent(assent),
    failure: failure === undefined ? null : readFailure(failure),
    checkIntervalMs: state.checkIntervalMs,
    checkStamp: state.checkStamp,
    definitionHash: readHash(tlvs.mandatory(SERVICE.definitionHash)),
  };
}

function checkKind({ kind, addresses }: SharedDefinition, error: (text: string) => Error): void {
  if (kind === 'service' && addresses.length === 0) throw error('a service has at least one address');
  if (kind === 'resource' && addresses.length > 0) throw error('a resource has no addresses');
}

function stateValue(announcement: ServiceAnnouncement): Uint8Array {
  const { definition, standby, joining, pinned } = announcement;
  const flags = writeFlags(FLAGS, {
    critical: definition.critical,
    standby,
    joining,
    overlap: definition.handover === 'overlap',
    pinned,
    noPreempt: !definition.preempt,
  });
  return new ByteWriter()
    .uint8('kind', SERVICE_KINDS[definition.kind])
    .uint8('run state', RUN_STATES[announcement.runState])
    .uint8('scope', SCOPES[definition.scope])
    .uint8('preference', announcement.preference)
    .uint32('flags', flags)
    .uint32('claim', announcement.claim)
    .uint32('check interval', announcement.checkIntervalMs)
    .uint32('check stamp', announcement.checkStamp)
    .done();
}

function readState(value: Uint8Array) {
  const reader = new ByteReader(value, 'the service state');
  const state = {
    kind: knownWordFor('service kind', SERVICE_KINDS, reader.uint8()),
    runState: knownWordFor('run state', RUN_STATES, reader.uint8()),
    scope: knownWordFor('scope', SCOPES, reader.uint8()),
    preference: reader.uint8(),
    flags: readFlags(FLAGS, reader.uint32()),
    claim: readClaim(reader),
    checkIntervalMs: reader.uint32(),
    checkStamp: reader.uint32(),
  };
  reader.end();
  return state;
}

/** A higher one would leave no room for the next, and every node would remember it. */
function readClaim(reader: ByteReader): number {
  const claim = reader.uint32();
  if (claim > MAX_CLAIM) throw new Malformed(`the claim is ${claim}, at most ${MAX_CLAIM} are possible`);
  return claim;
}

function hashValue(hash: string): Uint8Array {
  if (!/^[0-9a-f]{16}$/.test(hash)) {
    throw new RangeError(`the definition hash must be 16 hexadecimal digits, not '${hash}'`);
  }
  return Uint8Array.from(Buffer.from(hash, 'hex'));
}

function readHash(value: Uint8Array): string {
  const reader = new ByteReader(value, 'the definition hash');
  const hash = Buffer.from(reader.bytes(8)).toString('hex');
  reader.end();
  return hash;
}

function addressesValue({ name, addresses }: SharedDefinition): Uint8Array {
  if (addresses.length > MAX_ADDRESSES) {
    throw new RangeError(`${name} has ${addresses.length} addresses, at most ${MAX_ADDRESSES} can be announced`);
  }
  return addresses.reduce((writer, address) => writer.ipv4('an address', address), new ByteWriter()).done();
}

function readAddresses(value: Uint8Array | undefined): string[] {
  if (value === undefined) return [];
  const reader = new ByteReader(value, 'the list of addresses');
  const addresses: string[] = [];
  while (reader.remaining > 0) addresses.push(reader.ipv4());
  if (addresses.length === 0) throw new Malformed('the list of addresses is empty');
  if (addresses.length > MAX_ADDRESSES) {
    throw new Malformed(`${addresses.length} addresses, at most ${MAX_ADDRESSES} are allowed`);
  }
  return addresses;
}

function dependenciesValue({ name, dependsOn }: SharedDefinition): Uint8Array {
  if (dependsOn.length > MAX_DEPENDENCIES) {
    throw new RangeError(`${name} has ${dependsOn.length} dependencies, at most ${MAX_DEPENDENCIES} can be announced`);
  }
  const writer = new ByteWriter();
  for (const dependency of dependsOn) {
    const bytes = encodeName('a dependency', dependency);
    writer.uint8('length of a dependency', bytes.length).bytes(bytes);
  }
  return writer.done();
}

function readDependencies(value: Uint8Array | undefined): string[] {
  if (value === undefined) return [];
  const reader = new ByteReader(value, 'the list of dependencies');
  const dependencies: string[] = [];
  while (reader.remaining > 0) dependencies.push(decodeName('a dependency', reader.bytes(reader.uint8())));
  if (dependencies.length === 0) throw new Malformed('the list of dependencies is empty');
  if (dependencies.length > MAX_DEPENDENCIES) {
    throw new Malformed(`${dependencies.length} dependencies, at most ${MAX_DEPENDENCIES} are allowed`);
  }
  return dependencies;
}

function readArea(value: Uint8Array): string {
  const reader = new ByteReader(value, 'the area');
  const area = reader.ipv4();
  reader.end();
  return area;
}

function assentValue({ owner, claim }: Assent): Uint8Array {
  return new ByteWriter().uint32('owner assented to', owner).uint32('claim assented to', claim).done();
}

function readAssent(value: Uint8Array): Assent {
  const reader = new ByteReader(value, 'the assent');
  const assent = { owner: routerId(reader.uint32()), claim: readClaim(reader) };
  reader.end();
  return assent;
}

function failureValue({ code, reason }: Failure, room: number): Uint8Array {
  const limit = Math.min(MAX_REASON_BYTES, valueBytesIn(room) - 2);
  return new ByteWriter().uint16('failure code', FAILURE_NUMBERS[code]).bytes(encodeText(reason, limit)).done();
}

/** A failure of a newer version is still a failure, therefore its code is no reason to refuse the announcement. */
function readFailure(value: Uint8Array): Failure {
  const reader = new ByteReader(value, 'the failure');
  const code = wordFor(FAILURE_NUMBERS, reader.uint16()) ?? 'unknown';
  return { code, reason: decodeText('the reason of the failure', reader.rest(), MAX_REASON_BYTES) };
}

function knownClaimValue(claim: number): Uint8Array {
  return new ByteWriter().uint32('highest known claim', claim).done();
}

function readKnownClaim(value: Uint8Array): number {
  const reader = new ByteReader(value, 'the highest known claim');
  const claim = readClaim(reader);
  reader.end();
  return claim;
}
