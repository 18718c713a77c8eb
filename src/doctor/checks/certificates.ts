import { endingOf } from '../../pki/index.js';
import type { ConfiguredCertificate, Facts } from '../facts.js';
import { broken, change, type Finding, fine, remedy } from '../finding.js';

/** Of the web server's certificates, and of those who sign its visitors'. */
export function checkCertificates({ certificates }: Facts): Finding[] {
  if (!certificates.known || certificates.value.length === 0) return [];
  const findings = certificates.value.flatMap((certificate) => judge(certificate, Date.now()));
  return findings.length > 0 ? findings : [fine('certificates', 'The certificates last for more than 30 days.')];
}

function judge(certificate: ConfiguredCertificate, nowMs: number): Finding[] {
  const { key, file, validTo } = certificate;
  const ending = endingOf(certificate, nowMs);
  const day = new Date(validTo).toISOString().slice(0, 10);
  const what = `${key === 'cert' ? "The web server's certificate" : 'The certificate authority'} (${file})`;
  const renew =
    key === 'cert'
      ? remedy('where the authority is, then copy it here and reload srrd', 'srrctl pki server NAME ADDRESS... --force')
      : remedy('a machine for the new authority, then certificates for all', 'srrctl pki init --dir FOLDER');
  switch (ending.kind) {
    case 'later':
      return [];
    case 'soon':
      return [change('certificates', `${what} ends on ${day}, in ${ending.days} days. Nobody gets in then.`, renew)];
    case 'ended':
      return [broken('certificates', `${what} has ended on ${day}: nobody gets in.`, renew)];
  }
}
