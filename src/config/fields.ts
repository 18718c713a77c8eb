import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { formatRouterId, isName, NAME_EXPECTED, routerId } from '../model/index.js';

/** A section of the file: unknown keys are refused, and one that is there but empty is `{}`. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const keys = Object.keys(shape).join(', ');
  const object = z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `expected one of ${keys}` : `expected a section with keys of ${keys}`,
  });
  return z.preprocess((value) => (value === null ? {} : value), object);
}

/** One line of text that passes the check; `expected` ends the sentence "expected ...". */
export function text(expected: string, isRight: (value: string) => boolean = () => true) {
  const error = `expected ${expected}`;
  return z.string({ error }).refine((value) => !/\p{Cc}/u.test(value) && isRight(value), { error });
}

export const name = text(NAME_EXPECTED, isName);

export const ipv4 = text('an IPv4 address such as 10.0.0.1', isIPv4);

/** An address that one host can have and others can route to. */
export const serviceAddress = text(
  'an IPv4 address without /length, none of 0.0.0.0/8, 127.0.0.0/8 and 224.0.0.0 and above',
  (value) => isIPv4(value) && !/^(0|127|22[4-9]|2[3-5]\d)\./.test(value),
);

/** What follows the host in a URL. */
export const httpPath = text('a path that begins with / such as /health', (value) => /^\/[\x21-\x7e]*$/.test(value));

export const filePath = text('the path of a file or folder', (value) => value !== '');

/** It becomes part of VTY commands and of `ip` batches, hence the narrow choice. Linux: at most 15 bytes. */
export const interfaceName = text('the name of a network interface such as lo or eth0', (value) =>
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/.test(value),
);

/** Where addresses are put up, each with the label `NAME:srrd`, of which the kernel keeps 15 characters (IFNAMSIZ). */
export const aliasInterfaceName = text(
  'the name of a network interface of at most 10 characters, since the label NAME:srrd has 15 at most; use lo',
  (value) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,9}$/.test(value),
);

/** As useradd(8) of most systems takes it; none that getent(1) would take for a number or an option. */
export const userName = text('the name of a user: at most 32 of A-Z a-z 0-9 . _ -, the first a letter or _', (value) =>
  /^[A-Za-z_][A-Za-z0-9._-]{0,31}$/.test(value),
);

const BYTES_PER_UNIT = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 } as const;

const SIZE_EXPECTED = 'expected a size from 16M to 1024G such as 512M or 2G';

/** Bytes. */
export const size = z.string({ error: SIZE_EXPECTED }).transform((value, context) => {
  const [, digits, unit] = /^(\d{1,9})([KMG])$/.exec(value) ?? [];
  const bytes = Number(digits) * BYTES_PER_UNIT[unit as keyof typeof BYTES_PER_UNIT];
  if (bytes >= 2 ** 24 && bytes <= 2 ** 40) return bytes;
  context.addIssue({ code: 'custom', message: SIZE_EXPECTED, input: value });
  return z.NEVER;
});

export const flag = z.boolean({ error: 'expected true or false' });

export function integer(minimum: number, maximum: number) {
  const error = `expected an integer from ${minimum} to ${maximum}`;
  return z.int({ error }).min(minimum, { error }).max(maximum, { error });
}

export const port = integer(1, 65535);

export function oneOf<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, { error: `expected one of ${words.join(', ')}` });
}

const AREA_EXPECTED = 'expected an OSPF area such as 0.0.0.0';

/** An OSPF area as a dotted quad; a plain number, as `area 0` in FRR, is converted. */
export const area = z.union([z.string(), z.number()], { error: AREA_EXPECTED }).transform((value, context) => {
  if (typeof value === 'string' && isIPv4(value)) return value;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff) {
    return formatRouterId(routerId(value));
  }
  context.addIssue({ code: 'custom', message: AREA_EXPECTED, input: value });
  return z.NEVER;
});

/** `host:port` with an IPv4 address. */
export const socketAddress = z
  .string({ error: 'expected ADDRESS:PORT such as 127.0.0.1:8443' })
  .transform((value, context) => {
    const [host = '', portText = '', ...more] = value.split(':');
    const number = /^[1-9]\d{0,4}$/.test(portText) ? Number(portText) : 0;
    if (more.length === 0 && isIPv4(host) && number >= 1 && number <= 65535) return { host, port: number };
    context.addIssue({ code: 'custom', message: 'expected ADDRESS:PORT such as 127.0.0.1:8443', input: value });
    return z.NEVER;
  });

const MS_PER_UNIT = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** The longest delay that a timer of Node.js takes is 2^31 - 1 ms, some 596 hours. */
const MAX_DURATION_MS = 500 * MS_PER_UNIT.h;

/** A duration in milliseconds, written as `500ms`, `10s`, `2m` or `1h`, not below the minimum. */
export function duration(minimum: '0s' | '1ms' | '10ms' | '100ms' | '1s' = '0s') {
  const expected = `expected a duration from ${minimum} to 500h such as 500ms, 10s, 2m or 1h`;
  const minimumMs = durationMs(minimum) ?? 0;
  return z.string({ error: expected }).transform((value, context) => {
    const ms = durationMs(value);
    if (ms !== undefined && ms >= minimumMs && ms <= MAX_DURATION_MS) return ms;
    context.addIssue({ code: 'custom', message: expected, input: value });
    return z.NEVER;
  });
}

function durationMs(value: string): number | undefined {
  const match = /^(\d{1,12})(ms|s|m|h)$/.exec(value);
  if (match === null) return undefined;
  return Number(match[1]) * MS_PER_UNIT[match[2] as keyof typeof MS_PER_UNIT];
}
