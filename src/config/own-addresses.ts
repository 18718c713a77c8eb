import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

/** The label of an alias that srrd has put up ends so: the kernel names the address by it (src/routing/alias-request.ts). */
const OUR_LABEL = /:srrd$/;

/** The IPv4 addresses that this machine has by itself, and the interface of each. */
export function ownAddresses(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): ReadonlyMap<string, string> {
  const named = Object.entries(interfaces).filter(([name]) => !OUR_LABEL.test(name));
  return new Map(
    named.flatMap(([name, infos]) =>
      (infos ?? []).flatMap(({ address, family }) => (family === 'IPv4' ? [[address, name] as const] : [])),
    ),
  );
}
