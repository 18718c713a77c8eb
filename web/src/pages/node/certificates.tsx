import type { PkiDocument } from '../../api/types.js';
import { Banner } from '../../parts/banner.js';
import { useResource } from '../../parts/resource.js';
import { ResourceTrouble } from '../../parts/resource-trouble.js';
import { Wide } from '../../parts/scroll.js';
import { formatMoment, formatSpan } from '../../parts/time.js';
import { Waiting } from '../../parts/waiting.js';
import { nodeNow } from '../../store/clock.js';

export function Certificates() {
  const { data, error, loading, reload } = useResource<PkiDocument>('/pki');
  return (
    <section class="panel" aria-labelledby="certificates-title">
      <h2 id="certificates-title">Certificates</h2>
      {error !== null && <ResourceTrouble error={error} what="The certificates" reload={reload} />}
      {data === null && loading && <Waiting what="Asking the node" />}
      {data !== null && <Report report={data} />}
    </section>
  );
}

function Report({ report: { own, cas, revocations, warnings } }: { readonly report: PkiDocument }) {
  return (
    <>
      {warnings.map((warning) => (
        <Banner key={warning} tone="warn" title="Certificates">
          {warning}
        </Banner>
      ))}
      {own === null && cas.length === 0 && (
        <p class="muted">This server has no TLS: it answers on loopback only, read-only.</p>
      )}
      <Wide label="Certificates">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Certificate</th>
              <th scope="col">Subject</th>
              <th scope="col">Valid until</th>
              <th scope="col">Fingerprint (SHA-256)</th>
            </tr>
          </thead>
          <tbody>
            {own !== null && <Line what="This server" certificate={own} />}
            {cas.map((ca) => (
              <Line key={ca.subject + ca.notAfter} what="Trusted CA" certificate={ca} />
            ))}
          </tbody>
        </table>
      </Wide>
      <p class="muted">
        {revocations === 0 ? 'No certificate is revoked' : `${revocations} revoked`}. New ones: srrctl pki, see{' '}
        <a href="/information/operations">the manual</a>.
      </p>
    </>
  );
}

const SOON_MS = 30 * 24 * 3600 * 1000;

function Line({ what, certificate }: { readonly what: string; readonly certificate: PkiDocument['cas'][number] }) {
  const { subject, notAfter, fingerprint } = certificate;
  const end = new Date(notAfter).getTime();
  const left = end - nodeNow.value;
  return (
    <tr>
      <th scope="row">{what}</th>
      <td>{subject}</td>
      <td>
        {formatMoment(end).slice(0, 10)}{' '}
        {left < 0 ? (
          <span class="bad-text">expired {formatSpan(-left)} ago</span>
        ) : (
          <span class={left < SOON_MS ? 'warn-text' : 'muted'}>in {formatSpan(left)}</span>
        )}
      </td>
      <td class="mono fingerprint">{fingerprint}</td>
    </tr>
  );
}
