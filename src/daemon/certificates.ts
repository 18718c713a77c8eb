import type { X509Certificate } from 'node:crypto';
import { type Engine, type Event, revocationHolders } from '../cluster/index.js';
import type { ForeignFiles } from '../files/index.js';
import type { PkiDocument, PkiPort, WebTls } from '../http/index.js';
import { endingWords, type RevocationList } from '../pki/index.js';
import { RevocationExchange } from '../revocations/index.js';
import { fetchList } from './fetch-list.js';

export interface CertificatesOptions {
  readonly stateDir: string;
  readonly files: ForeignFiles;
  readonly engine: Engine;
  readonly emit: (event: Event) => void;
  readonly log: { info(text: string): void; warn(text: string): void };
}

const DAY_MS = 24 * 3600_000;

/** What there is to certificates while the daemon runs: revocations, endings, and telling of both. */
export class Certificates implements PkiPort {
  #tls: WebTls | null = null;
  #exchange: RevocationExchange | null = null;
  #daily: NodeJS.Timeout | undefined;

  constructor(private readonly options: CertificatesOptions) {}

  /** From now on this server asks for certificates. */
  begin(tls: WebTls): void {
    const { stateDir, files, engine, emit, log } = this.options;
    this.#tls = tls;
    const trust = onceFor(
      () => tls.files,
      ({ cas, listFiles, lists }) => {
        this.#warn();
        return { authorities: cas, files: listFiles, lists };
      },
    );
    this.#exchange = new RevocationExchange({
      stateDir,
      files,
      trust,
      self: () => engine.state.self,
      holders: () => revocationHolders(engine.state),
      fetch: (at) => fetchList(at, tls.files.context),
      changed: (lists) => {
        tls.setRevocations(lists);
        emit({ type: 'revocations', lists: lists.map(({ issuer, number }) => ({ authority: issuer, number })) });
      },
      log,
    });
    this.#exchange.start();
    this.#daily = setInterval(() => this.#warn(), DAY_MS);
    this.#daily.unref();
  }

  close(): void {
    clearInterval(this.#daily);
    this.#exchange?.close();
  }

  describe(): PkiDocument {
    const files = this.#tls?.files;
    const lists = this.#exchange?.lists ?? [];
    return {
      own: files === undefined ? null : describeCertificate(files.own),
      cas: (files?.cas ?? []).map(({ certificate }) => describeCertificate(certificate)),
      revocations: lists.reduce((sum, { serials }) => sum + serials.size, 0),
      lists: lists.map(describeList),
      warnings: this.#endings(),
    };
  }

  revocationList(authority: string): Buffer | undefined {
    return this.#exchange?.lists.find(({ issuer }) => issuer === authority)?.der;
  }

  #warn(): void {
    for (const text of this.#endings()) this.options.log.warn(text);
  }

  #endings(): string[] {
    if (this.#tls === null) return [];
    const { own, cas } = this.#tls.files;
    const all = [
      { what: 'the certificate of this web server', certificate: own },
      ...cas.map(({ certificate }) => ({
        what: `the certificate authority ${oneLine(certificate.subject)}`,
        certificate,
      })),
    ];
    return endingWords(all, Date.now());
  }
}

/** The same result as long as the input is the same object. */
function onceFor<Input, Result>(input: () => Input, make: (value: Input) => Result): () => Result {
  let last: { readonly of: Input; readonly result: Result } | undefined;
  return () => {
    const now = input();
    if (last?.of !== now) last = { of: now, result: make(now) };
    return last.result;
  };
}

function describeCertificate(certificate: X509Certificate): PkiDocument['cas'][number] {
  const { subject, issuer, serialNumber, validFrom, validTo, fingerprint256 } = certificate;
  return {
    subject: oneLine(subject),
    issuer: oneLine(issuer),
    serial: serialNumber,
    notBefore: new Date(validFrom).toISOString(),
    notAfter: new Date(validTo).toISOString(),
    fingerprint: fingerprint256,
  };
}

function describeList({ issuer, number, serials, thisUpdate }: RevocationList): PkiDocument['lists'][number] {
  return { authority: issuer, number, revoked: serials.size, signedAt: thisUpdate.toISOString() };
}

function oneLine(subject: string): string {
  return subject.replaceAll('\n', ', ');
}
