import { X509Certificate } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { writeAtomically } from '../files/index.js';
import { type CertificateContent, makeCertificate, type Purpose, validity } from './certificate.js';
import { PkiError } from './errors.js';
import { holderFile, inFolder, pkiFiles, readText } from './folder.js';
import { type IssuedCertificate, readLedger, writeLedger } from './ledger.js';
import { checkAddress, checkHolder } from './names.js';
import { generatePassword, toPkcs12 } from './pkcs12.js';

/** What browsers take at most of a server (Apple: 398 days, one of them for clocks). */
export const SERVER_DAYS = 397;
export const CLIENT_DAYS = 365;

export type ClientRole = 'viewer' | 'operator' | 'admin';

interface IssueRequest {
  readonly directory: string;
  readonly name: string;
  readonly days: number;
  readonly now: Date;
  /** Overwrite the files of an earlier certificate for this name. That certificate goes on counting until revoked. */
  readonly force: boolean;
}

export interface ServerRequest extends IssueRequest {
  readonly addresses: readonly string[];
}

export interface ClientRequest extends IssueRequest {
  readonly role: ClientRole;
  /** For the .p12; null: one is made. */
  readonly password: string | null;
}

export interface Issued {
  readonly certificate: IssuedCertificate;
  readonly files: { readonly certificate: string; readonly key: string };
}

/** For a node: it serves the pages with it, and asks other nodes for revocations. Throws a PkiError. */
export async function issueServer(request: ServerRequest): Promise<Issued> {
  const { addresses } = request;
  if (addresses.length === 0) throw new PkiError('expected at least one address or DNS name of the node');
  for (const address of addresses) checkAddress(address);
  const purpose = { kind: 'server', addresses } as const;
  return (await issue(request, { purpose, unit: 'node', role: null, addresses })).issued;
}

/** For a person or a program, with a role. Returns the password of the .p12, which is written nowhere. Throws a PkiError. */
export async function issueClient(
  request: ClientRequest,
): Promise<Issued & { readonly pkcs12: string; readonly password: string }> {
  const { directory, name, role } = request;
  const password = request.password ?? generatePassword();
  const file = holderFile(directory, 'client', name, 'p12');
  const purpose = { kind: 'client' } as const;
  const { issued, pems } = await issue(request, { purpose, unit: role, role, addresses: [] });
  writeAtomically(file, toPkcs12(pems, readText(pkiFiles(directory).certificate), password, name));
  return { ...issued, pkcs12: file, password };
}

interface Holder {
  readonly purpose: Exclude<Purpose, { readonly kind: 'authority' }>;
  /** OU of the subject: what rules for roles look at. */
  readonly unit: string;
  readonly role: ClientRole | null;
  readonly addresses: readonly string[];
}

async function issue(request: IssueRequest, holder: Holder) {
  const { directory, name, days, now, force } = request;
  checkHolder(name);
  const use = holder.purpose.kind;
  const files = {
    certificate: holderFile(directory, use, name, 'crt'),
    key: holderFile(directory, use, name, 'key'),
  };
  // Before the folder is locked, which would make it.
  readLedger(directory);
  return inFolder(directory, async () => {
    const ledger = readLedger(directory);
    if (existsSync(files.key) && !force)
      throw new PkiError(`${files.key} exists: --force overwrites it with a new key; the old certificate still counts`);
    const signer = {
      certificate: readText(pkiFiles(directory).certificate),
      key: readText(pkiFiles(directory).key),
    };
    const span = withinAuthority(validity(days, now), signer.certificate);
    const subject = { organisation: ledger.cluster, unit: holder.unit, commonName: name };
    const pems = await makeCertificate({ subject, purpose: holder.purpose, ...span }, signer);
    const certificate = entry(pems.certificate, name, holder, span);
    // The ledger first: whatever the authority has signed can be revoked.
    writeLedger(directory, { ...ledger, certificates: [...ledger.certificates, certificate] });
    if (use === 'client') rmSync(holderFile(directory, use, name, 'p12'), { force: true });
    writeAtomically(files.key, pems.key);
    writeAtomically(files.certificate, pems.certificate);
    return { issued: { certificate, files } satisfies Issued, pems };
  });
}

type Span = Pick<CertificateContent, 'notBefore' | 'notAfter'>;

/** A certificate that outlives its authority would promise more than it can keep. */
function withinAuthority(span: Span, authority: string): Span {
  const end = new Date(new X509Certificate(authority).validTo);
  if (span.notAfter <= end) return span;
  const day = end.toISOString().slice(0, 10);
  throw new PkiError(`the authority itself ends on ${day}: expected fewer --days, or a new authority`);
}

function entry(pem: string, name: string, holder: Holder, span: Span): IssuedCertificate {
  const { serialNumber, fingerprint256 } = new X509Certificate(pem);
  return {
    serial: serialNumber,
    use: holder.purpose.kind,
    name,
    role: holder.role,
    addresses: [...holder.addresses],
    notBefore: span.notBefore.toISOString(),
    notAfter: span.notAfter.toISOString(),
    fingerprint: fingerprint256,
    revokedAt: null,
  };
}
