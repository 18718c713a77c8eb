import { z } from 'zod';
import { parseRouterId } from '../model/index.js';
import { ROLES, type Role } from '../tables/index.js';
import { type Attribute, parseDistinguishedName } from './distinguished-name.js';
import { filePath, oneOf, section, socketAddress, text } from './fields.js';

/** Gives a role to the holders of certificates. The first rule that matches decides. */
export type AccessRule =
  /** The subject has all of these attributes, with exactly these values; it may have others. */
  | { readonly by: 'subject'; readonly attributes: readonly Attribute[]; readonly role: Role }
  /** SHA-256 over the certificate, as `AB:CD:...`. */
  | { readonly by: 'fingerprint'; readonly fingerprint: string; readonly role: Role };

/** Paths of PEM files; a CRL may be DER as well. */
export interface TlsConfiguration {
  readonly cert: string;
  readonly key: string;
  /** One at least. */
  readonly ca: readonly string[];
  readonly crl: readonly string[];
}

export interface WebConfiguration {
  readonly listen: SocketAddress;
  /** What other nodes are told; null: nothing. */
  readonly advertise: SocketAddress | null;
  /** null: plain HTTP, on loopback only and read-only. */
  readonly tls: TlsConfiguration | null;
  readonly access: readonly AccessRule[];
  /** Where other nodes' web servers are, by router ID (dotted quad): what is not here, their certificates must confirm. */
  readonly nodes: Readonly<Record<string, SocketAddress>>;
}

export interface SocketAddress {
  readonly host: string;
  readonly port: number;
}

const DISTINGUISHED_NAME =
  'expected a subject such as CN=anna,O=Shop, with a backslash before each of , + " \\ < > ; of a value';

const subject = z.string({ error: DISTINGUISHED_NAME }).transform((value, context) => {
  const attributes = parseDistinguishedName(value);
  if (attributes !== undefined) return attributes;
  context.addIssue({ code: 'custom', message: DISTINGUISHED_NAME, input: value });
  return z.NEVER;
});

const fingerprint = text(
  'the SHA-256 fingerprint of a certificate: 64 hexadecimal digits, with or without colons',
  (value) => /^([0-9A-Fa-f]{2}:?){32}$/.test(value),
).transform((value) => (value.replaceAll(':', '').toUpperCase().match(/../g) ?? []).join(':'));

const accessRule = section({
  subject: subject.optional(),
  fingerprint: fingerprint.optional(),
  role: oneOf(ROLES),
}).transform((rule, context): AccessRule => {
  const { role } = rule;
  if (rule.subject !== undefined && rule.fingerprint === undefined)
    return { by: 'subject', attributes: rule.subject, role };
  if (rule.fingerprint !== undefined && rule.subject === undefined)
    return { by: 'fingerprint', fingerprint: rule.fingerprint, role };
  context.addIssue({ code: 'custom', message: 'expected either a subject or a fingerprint', input: rule });
  return z.NEVER;
});

const paths = z.array(filePath, { error: 'expected a list of paths' });

const NODES_EXPECTED = 'expected router IDs and addresses such as { 10.0.0.2: "10.0.0.2:8443" }';

const nodes = z.record(
  z.string().refine((key) => parseRouterId(key) !== undefined, { error: NODES_EXPECTED }),
  socketAddress,
  { error: NODES_EXPECTED },
);

const tls = section({
  cert: filePath,
  key: filePath,
  ca: paths.min(1, { error: 'expected one path at least: nobody else says whose certificates are good' }),
  crl: paths.default([]),
});

/** The section `web` as it stands in the file. */
export const webSection = section({
  listen: socketAddress,
  advertise: socketAddress.optional(),
  tls: tls.optional(),
  access: z.array(accessRule, { error: 'expected a list of rules' }).optional(),
  nodes: nodes.optional(),
})
  .refine((entry) => entry.tls !== undefined || entry.listen.host.startsWith('127.'), {
    path: ['listen'],
    error: 'expected a loopback address such as 127.0.0.1:8443, because web.tls is missing',
  })
  .refine((entry) => entry.tls !== undefined || entry.access === undefined, {
    path: ['access'],
    error: 'expected no rules, because web.tls is missing and without it nobody shows a certificate',
  })
  .refine((entry) => entry.tls !== undefined || entry.nodes === undefined, {
    path: ['nodes'],
    error: 'expected no nodes, because web.tls is missing and without it no other machine is served',
  });

/** With all defaults. `absolute` makes a path of the file absolute. */
export function webConfiguration(
  { listen, advertise, tls, access, nodes }: z.output<typeof webSection>,
  absolute: (path: string) => string,
): WebConfiguration {
  return {
    listen,
    advertise: advertise ?? (othersCanReach(listen) ? listen : null),
    tls:
      tls === undefined
        ? null
        : { cert: absolute(tls.cert), key: absolute(tls.key), ca: tls.ca.map(absolute), crl: tls.crl.map(absolute) },
    access: access ?? [],
    nodes: nodes ?? {},
  };
}

function othersCanReach({ host }: SocketAddress): boolean {
  return host !== '0.0.0.0' && !host.startsWith('127.');
}
