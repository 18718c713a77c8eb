import { formatIpv4, type Ipv4, type LsaInstance } from 'ospfapi-shim';

/** RFC 3101 section 2.1: routers of an NSSA set the N bit and clear the E bit. */
const N_BIT = 0x08;
const E_BIT = 0x02;

/** What the OSPF API cannot tell of, as far as it can be noticed (docs/ospf-api.md, "Pitfalls"). */
export function notesOn(lsas: readonly LsaInstance[], reachable: ReadonlySet<Ipv4>): string[] {
  const routers = lsas.filter(({ header }) => header.type === 1);
  const known = new Set(routers.map(({ header }) => header.advertisingRouter));
  const missing = [...reachable].filter((router) => !known.has(router)).map((router) => formatIpv4(router));
  const nssas = new Set(
    routers.flatMap(({ header, area }) =>
      (header.options & N_BIT) !== 0 && (header.options & E_BIT) === 0 && area !== null ? [formatIpv4(area)] : [],
    ),
  );
  return [
    ...missing.map(
      (router) =>
        `The Router LSA of ${router} is missing here although SPF reaches it: ospfd does not tell API clients of LSAs longer than 1,488 bytes. See \`show ip ospf database router ${router}\`.`,
    ),
    ...[...nssas].map(
      (area) =>
        `Area ${area} is an NSSA: ospfd tells API clients of an LSA of type 7 only when it changes, so those from before srrd connected are missing here. See \`show ip ospf database nssa-external\`.`,
    ),
  ];
}
