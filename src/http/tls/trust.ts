import type { X509Certificate } from 'node:crypto';
import type { AccessRule } from '../../config/index.js';
import type { Authority, RevocationList } from '../../pki/index.js';
import type { Role } from '../../tables/index.js';
import type { Identity } from '../identity.js';
import { oneLine } from '../one-line.js';

/** What counts of a list of revocations. */
export type Revoked = Pick<RevocationList, 'issuer' | 'serials'>;

/** What decides who somebody is and what they may do. Never changed; a reload makes a new one. */
export class Trust {
  readonly #cas: readonly Authority[];
  readonly #revoked: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #rules: readonly AccessRule[];

  /** Serial numbers that any of the lists of a CA has are revoked. */
  constructor(cas: readonly Authority[], lists: readonly Revoked[], rules: readonly AccessRule[]) {
    this.#cas = cas;
    this.#revoked = new Map(cas.map(({ keyId }) => [keyId, serialsOf(lists, keyId)]));
    this.#rules = rules;
  }

  /** `chain`: the holder's certificate and those of the CAs above it, as far as the TLS handshake has shown them. */
  identify(chain: readonly X509Certificate[], nowMs: number): Identity {
    const [leaf] = chain;
    if (leaf === undefined) return nobody('no certificate', 'no certificate was shown');
    const user = nameOf(leaf);
    const untilMs = Date.parse(leaf.validTo);
    const distrust = this.#whyNotTrusted(chain) ?? (untilMs < nowMs ? `it has expired on ${leaf.validTo}` : null);
    if (distrust !== null) return { ...nobody(user, distrust), fingerprint: leaf.fingerprint256 };
    const role = this.#roleOf(leaf);
    const because = role === null ? `no rule of web.access matches it; its fingerprint is ${leaf.fingerprint256}` : '';
    return { user, role, via: 'certificate', trusted: true, because, fingerprint: leaf.fingerprint256, untilMs };
  }

  /** The handshake asked the CAs of its time; they may have changed, and it knows of no revocation. */
  #whyNotTrusted(chain: readonly X509Certificate[]): string | null {
    let isIssued = false;
    for (const certificate of chain) {
      for (const ca of this.#cas) {
        if (!certificate.checkIssued(ca.certificate) || !certificate.verify(ca.publicKey)) continue;
        isIssued = true;
        if (this.#revoked.get(ca.keyId)?.has(certificate.serialNumber)) return 'it was revoked: ask for a new one';
      }
    }
    return isIssued ? null : 'no CA of web.tls.ca has issued it';
  }

  #roleOf(leaf: X509Certificate): Role | null {
    const subject = subjectOf(leaf);
    const rule = this.#rules.find((rule) => {
      switch (rule.by) {
        case 'fingerprint':
          return rule.fingerprint === leaf.fingerprint256;
        case 'subject':
          return rule.attributes.every((wanted) =>
            subject.some(({ type, value }) => isSameType(type, wanted.type) && value === wanted.value),
          );
      }
      return false;
    });
    return rule?.role ?? null;
  }
}

function serialsOf(lists: readonly Revoked[], keyId: string): Set<string> {
  return new Set(lists.filter(({ issuer }) => issuer === keyId).flatMap(({ serials }) => [...serials]));
}

function nobody(user: string, because: string): Identity {
  return { user, role: null, via: 'certificate', trusted: false, because, fingerprint: null, untilMs: 0 };
}

interface Attribute {
  readonly type: string;
  readonly value: string;
}

/** Not from `subject`, which is text with escapes: these are the values as they are. */
function subjectOf(certificate: X509Certificate): Attribute[] {
  const { subject } = certificate.toLegacyObject();
  return Object.entries(subject).flatMap(([type, values = []]) => [values].flat().map((value) => ({ type, value })));
}

function isSameType(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** What a Command LSA and a line of the log have room for (docs/wire-format.md). */
const MAX_USER_LENGTH = 60;

/**
 * The subject for people, the name first, written as in RFC 4514: a name that holds a comma is not taken for two
 * attributes. Characters that could drive a terminal, or reorder the line, are replaced.
 */
function nameOf(certificate: X509Certificate): string {
  const attributes = subjectOf(certificate);
  const first = (type: string) => (type === 'CN' ? 0 : 1);
  const sorted = attributes.toSorted((a, b) => first(a.type) - first(b.type));
  const text = sorted.map(({ type, value }) => `${type}=${escaped(value)}`).join(',');
  return [...oneLine(text)].slice(0, MAX_USER_LENGTH).join('') || certificate.fingerprint256;
}

/** RFC 4514 section 2.4. */
function escaped(value: string): string {
  return value.replace(/[,+"\\<>;]|^[ #]| $/g, '\\$&');
}
