import { type CommandAnnouncement, type RouterId, routerId } from '../model/index.js';
import { COMMAND_NUMBERS, commandName, commandRow, orderNamed, type RemoteOrder, type Role } from '../tables/index.js';
import { ByteReader, ByteWriter, Malformed } from './bytes.js';
import { knownWordFor, ROLE_NUMBERS, readFlags, writeFlags } from './codes.js';
import { decodeName, decodeText, encodeName, encodeText } from './text.js';
import { type Tlv, type TlvSet, tlv } from './tlv.js';
import type { TlvRows } from './tlv-row.js';

const FLAGS = ['pin'] as const;

export const COMMAND = {
  command: {
    type: 300,
    name: 'command',
    parts: [
      { name: 'nonce', is: 'number', bytes: 4 },
      { name: 'target', is: 'router' },
      { name: 'command', is: 'number', bytes: 2, words: COMMAND_NUMBERS },
      { name: 'flags', is: 'number', bytes: 2, flags: FLAGS },
    ],
  },
  operator: { type: 301, name: 'operator', whole: 'text' },
  service: { type: 302, name: 'service of the command', whole: 'text' },
  holder: { type: 303, name: 'holder', parts: [{ name: 'where it does not run any more', is: 'router' }] },
  role: {
    type: 304,
    name: 'role of the operator',
    parts: [{ name: 'role', is: 'number', bytes: 1, words: ROLE_NUMBERS }],
  },
} as const satisfies TlvRows;

const MAX_OPERATOR_BYTES = 255;

/** The TLVs of a Command LSA after header and cluster; they always fit. Throws a RangeError (encodeBody). */
export function commandTlvs(announcement: CommandAnnouncement): Tlv[] {
  const { order, operator, holder, role } = announcement;
  const service = subjectOf(order);
  checkService(order, service !== '', (text) => new RangeError(text));
  checkHolder(order, holder, (text) => new RangeError(text));
  const tlvs: Tlv[] = [
    tlv(COMMAND.command, commandValue(announcement)),
    tlv(COMMAND.operator, encodeText(operator, MAX_OPERATOR_BYTES)),
  ];
  if (service !== '') tlvs.push(tlv(COMMAND.service, encodeName('the service name', service)));
  if (holder !== null) tlvs.push(tlv(COMMAND.holder, new ByteWriter().uint32('holder', holder).done()));
  if (role !== null) tlvs.push(tlv(COMMAND.role, new ByteWriter().uint8('role', ROLE_NUMBERS[role]).done()));
  return tlvs;
}

/** Throws Malformed. */
export function readCommand(tlvs: TlvSet): Omit<CommandAnnouncement, 'sequence'> {
  const reader = new ByteReader(tlvs.mandatory(COMMAND.command), 'the command');
  const nonce = reader.uint32();
  const target = routerId(reader.uint32());
  const command = knownWordFor('command', COMMAND_NUMBERS, reader.uint16());
  const { pin } = readFlags(FLAGS, reader.uint16());
  reader.end();
  const operator = decodeText('the operator', tlvs.mandatory(COMMAND.operator), MAX_OPERATOR_BYTES);
  const name = tlvs.optional(COMMAND.service);
  const order = orderNamed(command, name === undefined ? '' : decodeName('the service name', name));
  checkService(order, name !== undefined, (text) => new Malformed(text));
  const holder = readHolder(tlvs.optional(COMMAND.holder));
  checkHolder(order, holder, (text) => new Malformed(text));
  const role = readRole(tlvs.optional(COMMAND.role));
  return { kind: 'command', nonce, operator, role, target, order, pin, holder };
}

function readHolder(value: Uint8Array | undefined): RouterId | null {
  if (value === undefined) return null;
  const reader = new ByteReader(value, 'the holder');
  const holder = routerId(reader.uint32());
  reader.end();
  return holder;
}

function readRole(value: Uint8Array | undefined): Role | null {
  if (value === undefined) return null;
  const reader = new ByteReader(value, 'the role');
  const role = knownWordFor('role', ROLE_NUMBERS, reader.uint8());
  reader.end();
  return role;
}

function checkHolder(order: RemoteOrder, holder: RouterId | null, error: (text: string) => Error): void {
  const needsHolder = commandRow(order).node === 'holder';
  if (needsHolder && holder === null) throw error(`the command ${commandName(order)} needs a holder`);
  if (!needsHolder && holder !== null) throw error(`the command ${commandName(order)} takes no holder`);
}

function checkService(order: RemoteOrder, hasService: boolean, error: (text: string) => Error): void {
  const isForNode = order.of === 'node';
  if (isForNode && hasService) throw error(`the command ${commandName(order)} takes no service`);
  if (!isForNode && !hasService) throw error(`the command ${commandName(order)} needs a service`);
}

/** Empty: it is about a node. */
function subjectOf(order: RemoteOrder): string {
  if (order.of === 'node') return '';
  return order.of === 'group' ? order.group : order.service;
}

function commandValue({ nonce, target, order, pin }: CommandAnnouncement): Uint8Array {
  return new ByteWriter()
    .uint32('nonce', nonce)
    .uint32('target', target)
    .uint16('command', COMMAND_NUMBERS[commandName(order)])
    .uint16('flags', writeFlags(FLAGS, { pin }))
    .done();
}
