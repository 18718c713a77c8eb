import { isWithin } from '../../routing/index.js';
import type { Facts, OspfConfiguration } from '../facts.js';
import { change, type Finding, fine, inRouterOspf } from '../finding.js';

/**
 * Lines by which ospfd announces the address of a service by itself. srrd withholds it all the same during a handover
 * without loss, by its cost; who moves traffic by other means is to know.
 */
export function checkCovered({ definitions, ospfConfiguration }: Facts): Finding[] {
  if (!definitions.known || !ospfConfiguration.known) return [];
  const overlapping = definitions.value.accepted.filter(({ handover }) => handover === 'overlap');
  const findings = overlapping.flatMap((service) =>
    service.addresses.flatMap((address) => {
      const line = coveringLine(ospfConfiguration.value, address, service.interface);
      return line === undefined ? [] : [covered(line, address, service.name)];
    }),
  );
  if (findings.length > 0 || overlapping.length === 0) return findings;
  return [fine('announced-anyway', 'ospfd announces no address of a service with handover: overlap by itself.')];
}

function covered(line: string, address: string, service: string): Finding {
  const text = `ospfd announces ${address} of ${service} by itself while it is up, because of "${line}". In a handover srrd holds it back with a cost of 65535: if the old owner dies meanwhile, clients come before \`start\` has ended.`;
  const remedies = line.startsWith('redistribute')
    ? [`no ${line}`, `${line} route-map WITHOUT-SERVICES`]
    : line.startsWith('network')
      ? [`no ${line}`, 'network PREFIX-OF-A-LINK area AREA']
      : [];
  return change('announced-anyway', text, ...(remedies.length === 0 ? [] : [inRouterOspf(...remedies)]));
}

/** The line of ospfd's configuration by which it announces this address by itself; undefined: there is none. */
export function coveringLine(
  { routerLines, interfaceLines }: OspfConfiguration,
  address: string,
  on: string,
): string | undefined {
  const inRouter = routerLines.find((line) => {
    const [, prefix, length] = /^network (\S+)\/(\d+) area /.exec(line) ?? [];
    if (prefix !== undefined) return Number(length) < 32 && isWithin(address, `${prefix}/${length}`);
    // A route-map may leave the address out: what it does is not looked at.
    return /^redistribute connected\b/.test(line) && !line.includes('route-map');
  });
  return inRouter ?? interfaceLines.get(on)?.find((line) => /^ip ospf(?: \d+)? area \S+$/.test(line));
}
