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
import { knownWordFor, RUN_STATES, readFlags, SCOPES, SERVICE_KINDS, TLV, wordFor, writeFlags } from './codes.js';
import { decodeName, decodeText, encodeName, encodeText } from './text.js';
import { bodyBytes, type Tlv, type TlvSet, valueBytesIn } from './tlv.js';

const FLAGS = ['critical', 'standby', 'joining', 'overlap', 'pinned', 'noPreempt'] as const;
const MAX_REASON_BYTES = 255;

/** The TLVs of a Service LSA after header and cluster, in at most `room` bytes. Throws a RangeError (encodeBody). */
export function serviceTlvs(announcement: ServiceAnnouncement, room: number): Tlv[] {
  const { definition, knownClaim, assent, failure } = announcement;
  checkKind(definition, (text) => new RangeError(text));
  const tlvs: Tlv[] = [
    { type: TLV.serviceName, value: encodeName('the service name', definition.name) },
    { type: TLV.group, value: encodeName('the group name', definition.group) },
    { type: TLV.serviceState, value: stateValue(announcement) },
    { type: TLV.definitionHash, value: hashValue(announcement.definitionHash) },
  ];
  if (definition.addresses.length > 0) tlvs.push({ type: TLV.ipv4Addresses, value: addressesValue(definition) });
  if (definition.dependsOn.length > 0) tlvs.push({ type: TLV.dependencies, value: dependenciesValue(definition) });
  if (definition.area !== null) {
    tlvs.push({ type: TLV.area, value: new ByteWriter().ipv4('the area', definition.area).done() });
  }
  if (assent !== null) tlvs.push({ type: TLV.assent, value: assentValue(assent) });
  const last = knownClaim === null ? [] : [{ type: TLV.knownClaim, value: knownClaimValue(knownClaim) }];
  if (failure !== null) {
    tlvs.push({ type: TLV.failure, value: failureValue(failure, room - bodyBytes([...tlvs, ...last])) });
  }
  return [...tlvs, ...last];
}

/** Throws Malformed. */
export function readService(tlvs: TlvSet): Omit<ServiceAnnouncement, 'sequence'> {
  const state = readState(tlvs.mandatory(TLV.serviceState, 'service state'));
  const area = tlvs.optional(TLV.area, 'area');
  const assent = tlvs.optional(TLV.assent, 'assent');
  const failure = tlvs.optional(TLV.failure, 'failure');
  const knownClaim = tlvs.optional(TLV.knownClaim, 'highest known claim');
  const definition: SharedDefinition = {
    name: decodeName('the service name', tlvs.mandatory(TLV.serviceName, 'service name')),
    group: decodeName('the group name', tlvs.mandatory(TLV.group, 'group')),
    dependsOn: readDependencies(tlvs.optional(TLV.dependencies, 'dependencies')),
    kind: state.kind,
    critical: state.flags.critical,
    addresses: readAddresses(tlvs.optional(TLV.ipv4Addresses, 'IPv4 addresses')),
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
    definitionHash: readHash(tlvs.mandatory(TLV.definitionHash, 'definition hash')),
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
