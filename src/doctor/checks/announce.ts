import { MANY_ADDRESSES } from '../../model/index.js';
import type { Facts } from '../facts.js';
import { change, type Finding, fine, inRouterOspf, remedy } from '../finding.js';
import { coveringLine } from './covered.js';

/** Whether many addresses go out as AS-external LSAs, and whether something in ospfd keeps them from it. */
export function checkAnnounce({ configuration, definitions, ospfConfiguration }: Facts): Finding[] {
  if (!configuration.known || !definitions.known || !ospfConfiguration.known) return [];
  const { announce } = configuration.value;
  const { accepted } = definitions.value;
  const count = accepted.reduce((sum, { addresses }) => sum + addresses.length, 0);
  if (announce === 'stub' && count > MANY_ADDRESSES) {
    const text = `${count} addresses are announced as stub links: ospfd makes and floods all of them anew for each that comes or goes.`;
    return [change('announce', text, remedy('/etc/srrd/srrd.yaml', 'announce: auto'))];
  }
  if (announce === 'stub') return [fine('announce', 'Addresses are announced as stub links.')];
  if (announce === 'auto' && count <= MANY_ADDRESSES) {
    const text = `Addresses are announced as stub links, unless those of all nodes together are more than ${MANY_ADDRESSES}.`;
    return [fine('announce', text)];
  }
  const own = ospfConfiguration.value.routerLines.find(
    (line) => /^redistribute connected\b/.test(line) && !line.endsWith(' route-map srrd'),
  );
  const [covering] = accepted.flatMap((service) =>
    service.addresses.flatMap((address) => coveringLine(ospfConfiguration.value, address, service.interface) ?? []),
  );
  const line = own ?? covering;
  const closed = ospfConfiguration.value.routerLines.flatMap(
    (one) => /^area (\S+) (?:stub|nssa)\b/.exec(one)?.[1] ?? [],
  );
  const except = closed.length === 0 ? '' : `, except in area ${closed.join(' and ')}, where none gets`;
  if (line === undefined) return [fine('announce', `Addresses are announced as AS-external LSAs (${count})${except}.`)];
  const text = `Because of "${line}" in ospfd srrd announces addresses as stub links on this node, though there are ${count} or \`announce: external\` is set: ospfd makes and floods all of them anew for each that comes or goes.`;
  return [change('announce', text, ...(line.startsWith('ip ospf') ? [] : [inRouterOspf(`no ${line}`)]))];
}
