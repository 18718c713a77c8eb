import type { NodeStatus } from '../api/types.js';
import { whyNoLink } from '../model/node-link.js';
import { Menu } from '../parts/menu.js';
import { sameHere } from '../routing/router.js';
import { isHere, nodes, picture } from '../store/cluster.js';
import { session } from '../store/connection.js';

/** Says which node this is, and leads to the same page on every other node's own server. */
export function NodeMenu() {
  const here = picture.value?.node ?? session.value?.node;
  if (here === undefined) return <span class="node-menu-empty">…</span>;
  return (
    <Menu
      id="node-menu"
      label={
        <>
          <span class="node-menu-word">Node</span>
          <strong>{here.name}</strong>
          <span class="mono muted wide">{here.routerId ?? 'no router ID yet'}</span>
          <span class="hidden">: show this page on another node</span>
        </>
      }
    >
      <p class="menu-heading">This page on</p>
      <ul class="menu-list">
        {nodes.value.map((node) => (
          <li key={node.routerId}>
            <NodeLink node={node} />
          </li>
        ))}
      </ul>
    </Menu>
  );
}

function NodeLink({ node }: { readonly node: NodeStatus }) {
  const text = (
    <>
      <span class={`dot ${node.reachable ? 'dot-ok' : 'dot-bad'}`} aria-hidden="true" />
      <strong>{node.name}</strong>
      <span class="mono muted">{node.routerId}</span>
    </>
  );
  if (isHere(node.routerId)) {
    return (
      <span class="menu-item" aria-current="true">
        {text}
        <span class="tag">this node</span>
      </span>
    );
  }
  const why = whyNoLink(node, nodes.value);
  if (why !== null) {
    return (
      <span class="menu-item menu-item-off">
        {text}
        <span class="muted">{why}</span>
      </span>
    );
  }
  return (
    <a class="menu-item" href={sameOn(node) ?? ''}>
      {text}
      {!node.reachable && <span class="bad-text">unreachable</span>}
      {node.standby && <span class="tag">standby</span>}
    </a>
  );
}

/** The address of this very page on that node's own server; null: there is none to be trusted. */
export function sameOn(node: NodeStatus, path: string = sameHere.value): string | null {
  return whyNoLink(node, nodes.value) !== null ? null : `${location.protocol}//${node.web}${path}`;
}
