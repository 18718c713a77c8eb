import type { Facts } from '../facts.js';
import { broken, type Finding, fine, remedy } from '../finding.js';
import { isAnnouncement } from '../parse/announcements.js';

/** Of two routers, the one that is left has no neighbour, which looks like being cut off (docs/configuration.md). */
export function checkIsolation({ configuration, lsdb, instance }: Facts): Finding[] {
  if (!configuration.known || !lsdb.known || !instance.known || instance.value === null) return [];
  const self = instance.value.routerId;
  const routers = new Set(lsdb.value.filter(({ type }) => type === 'Router').map((lsa) => lsa.advertisingRouter));
  const nodes = new Set(lsdb.value.filter(isAnnouncement).map((lsa) => lsa.advertisingRouter));
  const others = [...routers].filter((router) => router !== self);
  const [other] = others;
  if (other === undefined || others.length > 1 || !nodes.has(other)) {
    return [fine('isolation', `onIsolation: ${configuration.value.onIsolation} suits this network.`)];
  }
  if (configuration.value.onIsolation === 'keep') {
    return [fine('isolation', `Of the two routers here, ${self} and ${other}, each goes on when the other is gone.`)];
  }
  const text = `The network has only two routers, ${self} and ${other}. When one of them dies the other has no neighbour left, takes itself for cut off, and stops everything.`;
  return [broken('isolation', text, remedy('srrd.yaml, on both nodes', 'onIsolation: keep'))];
}
