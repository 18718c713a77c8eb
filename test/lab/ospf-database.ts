import type { Host } from './host.js';

/** An LSA as `show ip ospf database` has it. */
export interface DatabaseEntry {
  readonly type: number;
  /** null: AS scope. */
  readonly area: string | null;
  readonly linkStateId: string;
  readonly advertisingRouter: string;
  /** As `0x80000001`. */
  readonly sequence: string;
  /** As `0x1a2b`. */
  readonly checksum: string;
  /** Seconds; 3,600 is MaxAge: it is being flushed (RFC 2328 section 14). */
  readonly age: number;
}

/** What the host's own ospfd has in its LSDB. Throws on LSAs under a name that is not known here. */
export async function ospfDatabase(host: Host): Promise<DatabaseEntry[]> {
  const { areas = {}, ...rest }: Database = JSON.parse(await host.vtysh('show ip ospf database json'));
  return [entriesOf(rest, null), ...Object.entries(areas).map(([area, lists]) => entriesOf(lists, area))].flat();
}

type Lists = Readonly<Record<string, unknown>>;

type Database = Lists & { readonly areas?: Readonly<Record<string, Lists>> };

/** FRR writes hexadecimal numbers without their leading zeros. */
interface Row {
  readonly lsId: string;
  readonly advertisedRouter: string;
  readonly lsaAge: number;
  readonly sequenceNumber: string;
  readonly checksum: string;
}

const TYPES: Readonly<Record<string, number>> = {
  routerLinkStates: 1,
  networkLinkStates: 2,
  summaryLinkStates: 3,
  asbrSummaryLinkStates: 4,
  asExternalLinkStates: 5,
  nssaExternalLinkStates: 7,
  linkLocalOpaqueLsa: 9,
  areaLocalOpaqueLsa: 10,
  asExternalOpaqueLsa: 11,
};

function entriesOf(lists: Lists, area: string | null): DatabaseEntry[] {
  return Object.entries(lists).flatMap(([name, rows]) => {
    if (!Array.isArray(rows)) return [];
    const type = TYPES[name];
    if (type === undefined) throw new Error(`show ip ospf database json has ${name}, which this test does not know`);
    return rows.map((row: Row) => ({
      type,
      area,
      linkStateId: row.lsId,
      advertisingRouter: row.advertisedRouter,
      sequence: `0x${row.sequenceNumber.padStart(8, '0')}`,
      checksum: `0x${row.checksum.padStart(4, '0')}`,
      age: row.lsaAge,
    }));
  });
}
