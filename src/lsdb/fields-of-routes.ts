import { parseIpv4 } from 'ospfapi-shim';
import type { Explanation, FieldWalker } from './field.js';
import type { FieldContext } from './field-context.js';
import { flagNames, prefixLength } from './words.js';

/** RFC 2328 appendix A.4.2, RFC 3101 (Nt), RFC 3623 has none. Bit 0 first. */
const ROUTER_FLAGS = ['B: area border router', 'E: AS boundary router', 'V: virtual link endpoint', 'W', 'Nt'];

const LINK_TYPES = ['', 'point-to-point', 'transit network', 'stub network', 'virtual link'];

/** RFC 2328 appendix A.4.2. */
export function routerParts(walker: FieldWalker, context: FieldContext): void {
  walker.number('flags', 1, (bits) => ({ meaning: flagNames(bits, ROUTER_FLAGS) }));
  walker.number('reserved', 1);
  const links = walker.number('number of links', 2);
  for (let index = 1; index <= links && !walker.short; index++) linkGroup(walker, index, context);
}

function linkGroup(walker: FieldWalker, index: number, { area, targets }: FieldContext): void {
  let summary: Explanation = {};
  walker.group(
    `link ${index}`,
    null,
    (link) => {
      const type = link.peek(8);
      const typeName = LINK_TYPES[type] ?? `type ${type}`;
      const pointsTo = (id: string) => {
        if (type === 2) return targets.network(id, area);
        return type === 1 || type === 4 ? targets.router(id, area) : null;
      };
      const id = link.address('link ID', (value) => ({ meaning: LINK_IDS[type] ?? null, target: pointsTo(value) }));
      const data = link.address('link data', (value) => ({ meaning: linkDataMeaning(type, value) }));
      link.number('type', 1, () => ({ meaning: typeName }));
      const tos = link.number('number of TOS metrics', 1);
      const metric = link.number('metric', 2);
      for (let item = 1; item <= tos && !link.short; item++) {
        link.group(`TOS metric ${item}`, null, (part) => {
          part.number('TOS', 1);
          part.number('reserved', 1);
          part.number('metric', 2);
        });
      }
      const to = type === 3 ? prefix(id, data) : id;
      summary = { value: `${typeName} ${to}`, meaning: `cost ${metric}`, target: pointsTo(id) };
    },
    () => summary,
  );
}

const LINK_IDS = [
  '',
  "the neighbour's router ID",
  "the designated router's address",
  'the network',
  "the neighbour's router ID",
];

function linkDataMeaning(type: number, value: string): string | null {
  if (type === 3) return mask(value);
  // An unnumbered point-to-point link has its interface index there, which is below 0.1.0.0 in practice.
  return type === 1 || type === 2 || type === 4 ? "the router's own address on the link" : null;
}

/** RFC 2328 appendix A.4.3. */
export function networkParts(walker: FieldWalker, { area, targets }: FieldContext): void {
  walker.address('network mask', (value) => ({ meaning: mask(value) }));
  for (let index = 1; walker.remaining >= 4; index++) {
    walker.address(`attached router ${index}`, (id) => ({ target: targets.router(id, area) }));
  }
}

/** RFC 2328 appendix A.4.4. */
export function summaryParts(walker: FieldWalker): void {
  walker.address('network mask', (value) => ({ meaning: mask(value) }));
  walker.number('reserved', 1);
  walker.number('metric', 3);
  for (let index = 1; walker.remaining >= 4; index++) {
    walker.group(`TOS metric ${index}`, null, (part) => {
      part.number('TOS', 1);
      part.number('metric', 3);
    });
  }
}

/** RFC 2328 appendix A.4.5, RFC 3101 section 2.4. */
export function externalParts(walker: FieldWalker): void {
  walker.address('network mask', (value) => ({ meaning: mask(value) }));
  for (let index = 1; walker.remaining >= 12; index++) {
    walker.group(index === 1 ? 'route' : `route for TOS ${index - 1}`, null, (route) => {
      route.number('metric type and TOS', 1, (value) => ({
        meaning: `type ${value & 0x80 ? 2 : 1} metric${value & 0x7f ? `, TOS ${value & 0x7f}` : ''}`,
      }));
      route.number('metric', 3);
      route.address('forwarding address', (value) => ({
        meaning: value === '0.0.0.0' ? 'the advertising router itself' : null,
      }));
      route.number('route tag', 4);
    });
  }
}

function mask(value: string): string {
  const length = prefixLength(parseIpv4(value) ?? 0);
  return length === null ? 'not a mask' : `/${length}${length === 32 ? ', one host' : ''}`;
}

function prefix(network: string, maskText: string): string {
  const length = prefixLength(parseIpv4(maskText) ?? 0);
  return length === null ? `${network} ${maskText}` : `${network}/${length}`;
}
