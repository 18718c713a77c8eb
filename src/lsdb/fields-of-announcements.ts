import { ANNOUNCEMENT_KINDS, ROLE_NUMBERS, RUN_STATES, SCOPES, SERVICE_KINDS, TLV, wordFor } from '../lsa/index.js';
import { COMMAND_NUMBERS, FAILURE_NUMBERS } from '../tables/index.js';
import { type Explanation, type FieldWalker, hex } from './field.js';
import type { FieldContext } from './field-context.js';
import { flagNames, hexNumber } from './words.js';

const SERVICE_FLAGS = ['critical', 'standby', 'joining', 'handover overlap', 'pinned', 'no preempt'];

/** How to read one TLV's value; both may be absent. */
export interface TlvReading {
  readonly name: string;
  readonly explanation?: Explanation;
  /** Names the parts of the value. Absent: the value is shown as bytes. */
  readonly parts?: (value: FieldWalker) => void;
}

/** One TLV of opaque type 222, as docs/wire-format.md lays it out. Never throws. */
export function announcementTlv(type: number, value: Uint8Array, context: FieldContext): TlvReading {
  const router = (id: string): Explanation => ({ target: context.targets.router(id, context.area) });
  switch (type) {
    case TLV.header:
      return { name: 'header', parts: headerValue };
    case TLV.cluster:
      return text('cluster', value);
    case TLV.proof:
      return { name: 'proof', parts: proof };
    case TLV.serviceName:
      return text('service name', value);
    case TLV.group:
      return text('group', value);
    case TLV.serviceState:
      return { name: 'service state', parts: serviceState };
    case TLV.definitionHash:
      return { name: 'definition hash', explanation: { value: hex(value) } };
    case TLV.ipv4Addresses:
      return { name: 'IPv4 addresses', parts: (part) => addresses(part, 'address', () => ({})) };
    case TLV.ipv6Addresses:
      return { name: 'IPv6 addresses' };
    case TLV.dependencies:
      return { name: 'dependencies', parts: dependencies };
    case TLV.area:
      return { name: 'area', parts: (part) => void part.address('area') };
    case TLV.assent:
      return {
        name: 'assent',
        parts: (part) => {
          part.address('owner assented to', router);
          part.number('claim assented to', 4);
        },
      };
    case TLV.failure:
      return {
        name: 'failure',
        parts: (part) => {
          part.number('failure code', 2, (code) => ({ meaning: wordFor(FAILURE_NUMBERS, code) ?? 'unknown' }));
          textBytes(part, 'reason');
        },
      };
    case TLV.knownClaim:
      return { name: 'highest known claim', parts: (part) => void part.number('highest known claim', 4) };
    case TLV.daemonState:
      return { name: 'daemon state', parts: daemonState };
    case TLV.hostName:
      return text('host name', value);
    case TLV.softwareVersion:
      return text('software version', value);
    case TLV.management:
      return {
        name: 'management',
        parts: (part) => {
          part.number('port of the web server', 2, (port) => ({ meaning: port === 0 ? 'none' : null }));
          part.number('reserved', 2);
          addresses(part, 'address of the web server', () => ({}));
        },
      };
    case TLV.ask:
      return { name: 'ask list', parts: (part) => addresses(part, 'router asked', router) };
    case TLV.outcome:
      return {
        name: 'outcome of a command',
        parts: (part) => {
          part.address('issuer', router);
          part.number('nonce', 4);
          part.number('result', 1, (result) => ({ meaning: result === 1 ? 'done' : 'refused' }));
          textBytes(part, 'text');
        },
      };
    case TLV.revocations:
      return { name: 'revocation lists', parts: revocations };
    case TLV.digest:
      return {
        name: 'digest',
        parts: (part) => {
          part.number('service announcements out', 4);
          part.number('sum of their counters', 4);
        },
      };
    case TLV.outcomeEpochs:
      return { name: 'epochs of outcomes', parts: (part) => numbers(part, 'epoch of outcome', unixTime) };
    case TLV.asks:
      return { name: 'asks', parts: (part) => nonces(part, 'router asked') };
    case TLV.answers:
      return { name: 'answers', parts: (part) => nonces(part, 'router that asked') };
    case TLV.command:
      return {
        name: 'command',
        parts: (part) => {
          part.number('nonce', 4);
          part.address('target', router);
          part.number('command', 2, (code) => ({ meaning: wordFor(COMMAND_NUMBERS, code) ?? 'unknown' }));
          part.number('flags', 2, (bits) => ({ meaning: flagNames(bits, ['pin']) }));
        },
      };
    case TLV.operator:
      return text('operator', value);
    case TLV.commandService:
      return text('service of the command', value);
    case TLV.holder:
      return { name: 'holder', parts: (part) => void part.address('where it does not run any more', router) };
    case TLV.role:
      return {
        name: 'role of the operator',
        parts: (part) => void part.number('role', 1, (code) => ({ meaning: wordFor(ROLE_NUMBERS, code) ?? 'unknown' })),
      };
    default:
      return { name: `TLV ${type}`, explanation: { meaning: 'not known to this version; skipped' } };
  }
}

function headerValue(part: FieldWalker): void {
  part.number('format version', 2);
  part.number('kind of announcement', 2, (kind) => ({ meaning: wordFor(ANNOUNCEMENT_KINDS, kind) ?? 'unknown' }));
  part.number('length of the body', 2);
  part.number('reserved', 2);
  part.number('checksum', 4, (value) => ({ value: hexNumber(value, 8), meaning: 'CRC-32 of the body' }));
  part.number('epoch', 4, (value) => ({ meaning: unixTime(value) }));
  part.number('counter', 4);
}

function proof(part: FieldWalker): void {
  part.bytes('key ID', 8);
  part.number('signed at', 4, (seconds) => ({ meaning: unixTime(seconds) }));
  part.bytes('signature', 64);
}

function nonces(part: FieldWalker, name: string): void {
  for (let index = 1; part.remaining >= 12; index++) {
    part.address(`${name} ${index}`);
    part.bytes(`number ${index}`, 8);
  }
}

function serviceState(part: FieldWalker): void {
  part.number('kind', 1, (kind) => ({ meaning: wordFor(SERVICE_KINDS, kind) ?? 'unknown' }));
  part.number('run state', 1, (state) => ({ meaning: wordFor(RUN_STATES, state) ?? 'unknown' }));
  part.number('scope', 1, (scope) => ({ meaning: wordFor(SCOPES, scope) ?? 'unknown' }));
  part.number('preference', 1);
  part.number('flags', 4, (bits) => ({ meaning: flagNames(bits, SERVICE_FLAGS) }));
  part.number('claim', 4, (claim) => ({ meaning: claim === 0 ? 'not the owner' : null }));
  part.number('check interval', 4, (ms) => ({ meaning: `${ms / 1000} s` }));
  part.number('check stamp', 4, (seconds) => ({ meaning: seconds === 0 ? 'never checked' : unixTime(seconds) }));
}

function daemonState(part: FieldWalker): void {
  part.number('version of the rules', 2);
  part.number('flags', 2, (bits) => ({ meaning: flagNames(bits, ['standby']) }));
  part.number('capabilities', 4, (bits) => ({
    value: hexNumber(bits, 8),
    meaning: flagNames(bits, ['counts external routes']),
  }));
}

function addresses(part: FieldWalker, name: string, explain: (address: string) => Explanation): void {
  for (let index = 1; part.remaining >= 4; index++) part.address(`${name} ${index}`, explain);
}

function numbers(part: FieldWalker, name: string, meaning: (value: number) => string): void {
  for (let index = 1; part.remaining >= 4; index++) {
    part.number(`${name} ${index}`, 4, (value) => ({ meaning: meaning(value) }));
  }
}

function revocations(part: FieldWalker): void {
  for (let index = 1; part.remaining > 0 && !part.short; index++) {
    part.bytes(`authority ${index}`, 8);
    part.bytes(`number of its list ${index}`, 8, (value) => ({ value: String(Buffer.from(value).readBigUInt64BE()) }));
  }
}

function dependencies(part: FieldWalker): void {
  for (let index = 1; part.remaining > 0 && !part.short; index++) {
    const length = part.number(`length of dependency ${index}`, 1);
    part.bytes(`dependency ${index}`, length, (value) => ({ value: printable(value) }));
  }
}

function text(name: string, value: Uint8Array): TlvReading {
  return { name, explanation: { value: printable(value) } };
}

function textBytes(part: FieldWalker, name: string): void {
  part.bytes(name, part.remaining, (value) => ({ value: printable(value) }));
}

/** What is no printable UTF-8 is shown as U+FFFD: another router wrote it. */
function printable(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

function unixTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}
