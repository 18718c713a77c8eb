import { type OspfArea, ospfArea } from './alias-request.js';

const BACKBONE = '0.0.0.0';

/**
 * The area for an alias: the wanted one, or that of the node's own OSPF interfaces. Throws an Error if the node is not in
 * it: ospfd would take the line, become a border router, and nobody would have a route.
 */
export function chooseArea(areas: readonly OspfArea[], wanted: OspfArea | null): OspfArea {
  const [first] = areas;
  if (first === undefined) throw new Error('ospfd has no interface that is up; configure OSPF on one first');
  if (wanted === null && areas.length === 1) return first;
  // A border router: what is in its backbone is reached from everywhere.
  const chosen = areas.find((area) => area === (wanted ?? BACKBONE));
  if (chosen !== undefined) return chosen;
  const here = `this node's OSPF interfaces are in area ${areas.join(' and ')}`;
  throw new Error(wanted === null ? `${here}; say which in \`area\`` : `${here}, not in ${wanted}; correct \`area\``);
}

/** Reads ospfd's `show ip ospf interface json`. Throws an Error for text that is not its answer. */
export function ownAreas(text: string): readonly OspfArea[] {
  const interfaces = parseObject(text)?.interfaces;
  if (!isRecord(interfaces)) throw new Error('ospfd gave no list of OSPF interfaces; is `router ospf` configured?');
  const areas = Object.values(interfaces).flatMap((one) => {
    if (!isRecord(one) || one.ospfEnabled !== true || one.ifUp !== true || typeof one.area !== 'string') return [];
    // Aliases are on loopbacks too, and say only where an alias was put.
    if (one.networkType === 'LOOPBACK') return [];
    return [ospfArea(one.area.split(' ')[0] ?? '')];
  });
  return [...new Set(areas)];
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isRecord(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
