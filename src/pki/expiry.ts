import type { X509Certificate } from 'node:crypto';

/** From when on it is said that a certificate ends, in days before. Renewing asks somebody to do something. */
const WARN_DAYS = 30;

const DAY_MS = 24 * 3600_000;

/** How soon a certificate ends. `later`: there is nothing to do yet. */
export type Ending =
  | { readonly kind: 'ended' }
  | { readonly kind: 'later' }
  /** Whole days that are left. */
  | { readonly kind: 'soon'; readonly days: number };

export function endingOf({ validTo }: Pick<X509Certificate, 'validTo'>, nowMs: number): Ending {
  const leftMs = Date.parse(validTo) - nowMs;
  if (leftMs <= 0) return { kind: 'ended' };
  return leftMs > WARN_DAYS * DAY_MS ? { kind: 'later' } : { kind: 'soon', days: Math.floor(leftMs / DAY_MS) };
}

/** One sentence about each certificate that has ended or ends soon. `what` is how people know it. */
export function endingWords(
  certificates: readonly { readonly what: string; readonly certificate: Pick<X509Certificate, 'validTo'> }[],
  nowMs: number,
): string[] {
  return certificates.flatMap(({ what, certificate }) => {
    const ending = endingOf(certificate, nowMs);
    if (ending.kind === 'later') return [];
    const day = new Date(certificate.validTo).toISOString().slice(0, 10);
    if (ending.kind === 'ended') return [`${what} has ended on ${day}, and nobody gets in: renew it (docs/pki.md)`];
    return [`${what} ends on ${day}, in ${ending.days} days: renew it before (docs/pki.md)`];
  });
}
