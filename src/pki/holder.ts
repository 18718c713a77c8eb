import type { X509Certificate } from 'node:crypto';

/** The common names in the subject of a certificate; of a certificate of ours there is one. */
export function commonNames(certificate: X509Certificate): string[] {
  const { CN = [] } = certificate.toLegacyObject().subject ?? {};
  return [CN].flat();
}

/** Whether a node of this name, or of this router ID (dotted quad), is whom the certificate is for. */
export function isOfNode(certificate: X509Certificate, { name, routerId }: NodeNames): boolean {
  const names = [name, ...(routerId === null ? [] : [routerId])];
  return (
    commonNames(certificate).some((common) => names.includes(common)) ||
    certificate.checkHost(name, { subject: 'never', wildcards: false }) !== undefined ||
    (routerId !== null && certificate.checkIP(routerId) !== undefined)
  );
}

export interface NodeNames {
  readonly name: string;
  /** null: not known. */
  readonly routerId: string | null;
}
