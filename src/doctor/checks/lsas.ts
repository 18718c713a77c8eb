import type { Facts } from '../facts.js';
import { broken, type Finding, fine } from '../finding.js';

/** ospfd's API messages have at most 1,500 bytes, 12 of them its own (docs/ospf-api.md, pitfalls). */
const MOST_BYTES = 1_488;

/** A longer LSA makes ospfd lose notifications to srrd without a word. */
export function checkLsaSizes({ lsdb }: Facts): Finding[] {
  if (!lsdb.known) return [];
  const long = lsdb.value.filter(({ length }) => length > MOST_BYTES);
  if (long.length === 0) return [fine('lsa-size', `No LSA has more than ${MOST_BYTES} bytes.`)];
  return long.map(({ type, linkStateId, advertisingRouter, length }) => {
    const from = `The ${type} LSA ${linkStateId} of ${advertisingRouter} has ${length} bytes, at most ${MOST_BYTES} go through ospfd's API`;
    const consequence = 'srrd misses it, and LSAs that come together with it: nodes may be taken for unreachable.';
    const cure =
      type === 'Router'
        ? `Announce fewer addresses and links on ${advertisingRouter} (at most 121), or summarise them in an area of their own.`
        : `Have ${advertisingRouter} announce less in one LSA.`;
    return broken('lsa-size', `${from}: ${consequence} ${cure}`);
  });
}
