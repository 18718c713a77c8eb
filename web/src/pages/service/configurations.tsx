import { useState } from 'preact/hooks';
import { repairDefinition } from '../../actions/repair-definition.js';
import type { DefinitionEntry, NodeConfiguration, ServiceStatus } from '../../api/types.js';
import { type ConfigurationRow, compareConfigurations } from '../../model/compare.js';
import { repairOf } from '../../model/repair.js';
import { useResource } from '../../parts/resource.js';
import { ResourceTrouble } from '../../parts/resource-trouble.js';
import { Wide } from '../../parts/scroll.js';
import { Waiting } from '../../parts/waiting.js';
import { isHere, nodeName, picture } from '../../store/cluster.js';
import { whyNotAdmin } from '../configuration/permission.js';

/** How the service is configured on each node that announces it; what must be the same and is not stands out. */
export function Configurations({ service }: { readonly service: ServiceStatus }) {
  const path = `/services/${encodeURIComponent(service.name)}/configurations`;
  const { data, error, loading, reload } = useResource<{ configurations: readonly NodeConfiguration[] }>(path);
  const here = service.replicas.some(({ routerId }) => isHere(routerId));
  return (
    <section class="panel" aria-labelledby="configurations-title">
      <div class="title-line">
        <h2 id="configurations-title">Configuration on every node</h2>
        {here && <a href={`/configuration/${encodeURIComponent(service.name)}`}>Definition on this node</a>}
      </div>
      {error !== null && <ResourceTrouble error={error} what="The configuration of the nodes" reload={reload} />}
      {data === null && loading && <Waiting what="Asking the node" />}
      {data !== null && <Comparison service={service} configurations={data.configurations} reload={reload} />}
    </section>
  );
}

interface ComparisonProps {
  readonly service: ServiceStatus;
  readonly configurations: readonly NodeConfiguration[];
  readonly reload: () => void;
}

function Comparison({ service, configurations, reload }: ComparisonProps) {
  const rows = compareConfigurations(configurations);
  const wrong = rows.filter(({ difference }) => difference === 'wrong').length;
  return (
    <>
      {wrong > 0 && (
        <p class="bad-text">
          {wrong === 1 ? 'One key differs that' : `${wrong} keys differ that`} must be the same on all nodes.
        </p>
      )}
      <RepairButton service={service} configurations={configurations} reload={reload} />
      <Wide label="Configuration on every node">
        <table class="table comparison">
          <thead>
            <tr>
              <th scope="col">Key</th>
              {configurations.map(({ routerId }) => (
                <th key={routerId} scope="col">
                  {nodeName(routerId)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <ComparisonRow key={row.key} row={row} />
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  );
}

/** One click for a node that has drifted from the others. */
function RepairButton({ service, configurations, reload }: ComparisonProps) {
  const [busy, setBusy] = useState(false);
  const repair = repairOf(service, configurations, picture.value?.node.routerId ?? '');
  const entry = useResource<DefinitionEntry>(
    repair === null ? null : `/definitions/${encodeURIComponent(service.name)}`,
  );
  if (repair === null) return null;
  const whyNot = whyNotAdmin() ?? repair.whyNot ?? entry.error?.message ?? null;
  const click = async (shown: DefinitionEntry) => {
    setBusy(true);
    await repairDefinition(repair, shown);
    setBusy(false);
    entry.reload();
    reload();
  };
  return (
    <p class="buttons">
      <button
        type="button"
        disabled={whyNot !== null || entry.data === null || busy}
        onClick={() => entry.data !== null && void click(entry.data)}
      >
        Take it here as on {nodeName(repair.from.routerId)}
      </button>
      {whyNot !== null && <span class="muted">Not now: {whyNot}</span>}
      {whyNot === null && repair.waits !== null && <span class="muted">Once taken, {repair.waits}</span>}
    </p>
  );
}

function ComparisonRow({ row: { key, values, difference } }: { readonly row: ConfigurationRow }) {
  return (
    <tr class={`difference-${difference}`}>
      <th scope="row">
        {key === 'hash' ? <abbr title="Over definition and Makefile, without what is a node’s own">hash</abbr> : key}
        {difference === 'wrong' && <span class="tag tag-bad">differs</span>}
        {difference === 'allowed' && <span class="tag">may differ</span>}
      </th>
      {values.map(({ routerId, text, odd }) => (
        <td key={routerId} class={odd && difference === 'wrong' ? 'bad-text mono' : 'mono'}>
          {text}
        </td>
      ))}
    </tr>
  );
}
