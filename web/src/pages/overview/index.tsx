import type { NodeStatus, PkiDocument } from '../../api/types.js';
import { type GroupPicture, groupWords } from '../../model/groups.js';
import { groups } from '../../model/groups-now.js';
import type { Problem } from '../../model/problems.js';
import { problems } from '../../model/problems-now.js';
import { Mark, StateWord } from '../../parts/mark.js';
import { useResource } from '../../parts/resource.js';
import { Wide } from '../../parts/scroll.js';
import { Waiting } from '../../parts/waiting.js';
import { sameOn } from '../../shell/node-menu.js';
import { type ClusterPicture, isHere, nodeName, picture } from '../../store/cluster.js';
import type { Page } from '../page.js';

/** Groups shown here at most; the status page has them all. */
const SHOWN_GROUPS = 60;

export const overviewPage: Page = { pattern: '/', title: () => 'Overview', component: Overview, entry: 'Overview' };

function Overview() {
  const data = picture.value;
  if (data === null) return <Waiting what="Asking the node" />;
  return (
    <>
      <h1>Overview</h1>
      <Verdict data={data} />
      <div class="overview">
        <Nodes nodes={data.nodes} data={data} />
        <Groups groups={groups.value} />
      </div>
    </>
  );
}

/** The whole cluster in one line, and below it everything that is wrong. */
function Verdict({ data }: { readonly data: ClusterPicture }) {
  const pki = useResource<PkiDocument>('/pki');
  const found = [...problems.value, ...(pki.data?.warnings ?? []).map(ofCertificate)];
  const bad = found.filter(({ severity }) => severity === 'bad').length;
  const warn = found.filter(({ severity }) => severity === 'warn').length;
  const tone = bad > 0 ? 'bad' : warn > 0 ? 'warn' : 'ok';
  return (
    <section class={`verdict verdict-${tone}`} aria-label="What is wrong right now">
      <p class="verdict-line">
        <Mark tone={tone} />
        <strong>{verdictWords(bad, warn)}</strong>
        <span class="muted">{counts(data)}</span>
      </p>
      {found.length > 0 && (
        <ul class="problems">
          {found.slice(0, 50).map((problem) => (
            <ProblemItem key={problem.text} problem={problem} />
          ))}
          {found.length > 50 && <li class="muted">and {found.length - 50} more</li>}
        </ul>
      )}
    </section>
  );
}

function ofCertificate(text: string): Problem {
  return { severity: 'warn', text, href: '/node', advice: null };
}

function verdictWords(bad: number, warn: number): string {
  if (bad > 0) return bad === 1 ? 'One thing is wrong' : `${bad} things are wrong`;
  if (warn > 0) return warn === 1 ? 'All runs; one thing to look at' : `All runs; ${warn} things to look at`;
  return 'Nothing is wrong';
}

function counts({ nodes, services }: ClusterPicture): string {
  const up = nodes.filter(({ reachable }) => reachable).length;
  const started = [...services.values()].filter(({ owner }) => owner !== null).length;
  return `${up} of ${nodes.length} nodes reachable, ${started} of ${services.size} services started`;
}

function ProblemItem({ problem: { severity, text, advice, href } }: { readonly problem: Problem }) {
  const tone = { bad: 'bad', warn: 'warn', note: 'idle' } as const;
  const word = { bad: 'Wrong', warn: 'Look', note: 'Note' } as const;
  return (
    <li class={`problem problem-${severity}`}>
      <Mark tone={tone[severity]} />
      <span>
        <span class="hidden">{word[severity]}: </span>
        <a href={href}>{text}</a>
        {advice !== null && <span class="muted"> {advice}</span>}
      </span>
    </li>
  );
}

function Nodes({ nodes, data }: { readonly nodes: readonly NodeStatus[]; readonly data: ClusterPicture }) {
  const owned = new Map<string, number>();
  for (const { owner } of data.services.values()) if (owner !== null) owned.set(owner, (owned.get(owner) ?? 0) + 1);
  return (
    <section class="panel" aria-labelledby="nodes-title">
      <h2 id="nodes-title">Nodes</h2>
      <Wide label="Nodes">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Node</th>
              <th scope="col">Router ID</th>
              <th scope="col">State</th>
              <th scope="col" class="number">
                Owns
              </th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((node) => (
              <tr key={node.routerId} data-node={node.name}>
                <th scope="row">
                  <NodeName node={node} />
                </th>
                <td class="mono">{node.routerId}</td>
                <td>
                  <NodeState node={node} data={data} />
                </td>
                <td class="number">{owned.get(node.routerId) ?? 0}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}

function NodeName({ node }: { readonly node: NodeStatus }) {
  const href = isHere(node.routerId) ? null : sameOn(node);
  return (
    <>
      {href === null ? node.name : <a href={href}>{node.name}</a>}
      {isHere(node.routerId) && <span class="tag">this node</span>}
    </>
  );
}

function NodeState({ node, data }: { readonly node: NodeStatus; readonly data: ClusterPicture }) {
  const phase = isHere(node.routerId) ? data.node.phase : 'member';
  if (!node.reachable) return <StateWord tone="bad" word="unreachable" />;
  if (phase === 'isolated' || phase === 'alone') return <StateWord tone="bad" word={phase} />;
  if (phase === 'joining') return <StateWord tone="busy" word="joining" />;
  if (node.standby) return <StateWord tone="idle" word="standby" />;
  return <StateWord tone="ok" word="reachable" />;
}

function Groups({ groups: all }: { readonly groups: readonly GroupPicture[] }) {
  const order = { bad: 0, warn: 1, busy: 2, off: 3, idle: 4, ok: 5 };
  const sorted = [...all].sort((a, b) => order[a.tone] - order[b.tone]);
  return (
    <section class="panel" aria-labelledby="groups-title">
      <h2 id="groups-title">Services by group</h2>
      {all.length === 0 && (
        <p class="muted">
          No service is configured yet. <a href="/new-definition">Add the first</a>.
        </p>
      )}
      <ul class="groups">
        {sorted.slice(0, SHOWN_GROUPS).map((group) => (
          <GroupItem key={group.name} group={group} />
        ))}
      </ul>
      {all.length > SHOWN_GROUPS && (
        <p>
          <a href="/status">All {all.length} groups</a>
        </p>
      )}
    </section>
  );
}

function GroupItem({ group }: { readonly group: GroupPicture }) {
  const single = group.services.length === 1 && group.services[0]?.name === group.name;
  return (
    <li class="group" data-group={group.name}>
      <p class="group-line">
        <Mark tone={group.tone} />
        <strong>{single ? <ServiceLink name={group.name} /> : group.name}</strong>
        <span class={group.tone === 'bad' ? 'bad-text' : 'muted'}>{groupWords(group, nodeName)}</span>
      </p>
      {!single && (
        <p class="group-members">
          {group.services.map((service) => (
            <span key={service.name} class="member">
              <Mark tone={service.owner === null ? 'idle' : 'ok'} />
              <ServiceLink name={service.name} />
            </span>
          ))}
        </p>
      )}
    </li>
  );
}

function ServiceLink({ name }: { readonly name: string }) {
  return <a href={`/services/${encodeURIComponent(name)}`}>{name}</a>;
}
