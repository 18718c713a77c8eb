import { formatIpv4, type LsaInstance } from 'ospfapi-shim';
import { ageAt } from './summary.js';
import { hexNumber } from './words.js';

/**
 * What is to be added to the ages of these LSAs, in seconds. When ospfd's API answers a sync request, it gives each LSA the
 * age with which ospfd installed it, however long ago that was; only `show ip ospf database` tells the present one.
 */
export function ageCorrections(
  lsas: readonly LsaInstance[],
  database: string,
  nowMs: number,
): ReadonlyMap<LsaInstance, number> {
  const ages = agesIn(database);
  const corrections = new Map<LsaInstance, number>();
  for (const lsa of lsas) {
    const { linkStateId, advertisingRouter, sequenceNumber, checksum } = lsa.header;
    const instance = [formatIpv4(linkStateId), formatIpv4(advertisingRouter), hexNumber(sequenceNumber, 8)];
    const age = ages.get([...instance, hexNumber(checksum, 4)].join(' '));
    const older = age === undefined ? 0 : age - ageAt(lsa, nowMs);
    // A second may have passed between question and answer.
    if (older > 1) corrections.set(lsa, older);
  }
  return corrections;
}

const ROW = /^([\d.]+)\s+([\d.]+)\s+(\d+)\s+(0x[0-9a-f]{8})\s+(0x[0-9a-f]{4})/;

/** By link state ID, advertising router, sequence number and checksum, as `show ip ospf database` has them in a row. */
function agesIn(database: string): Map<string, number> {
  const ages = new Map<string, number>();
  for (const line of database.split('\n')) {
    const [, linkStateId, router, age, sequence, checksum] = ROW.exec(line) ?? [];
    if (age !== undefined) ages.set([linkStateId, router, sequence, checksum].join(' '), Number(age));
  }
  return ages;
}
