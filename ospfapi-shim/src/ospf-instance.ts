import { readFile } from 'node:fs/promises';

/** IP protocol 89, as /proc/net/raw writes it in the place of a port. */
const OSPF_SOCKET = /^\s*\d+:\s+[0-9A-F]{8}:0059\s/m;

/**
 * Whether an OSPF instance runs in this network namespace, judged by its raw socket. An ospfd that has not got its
 * `router ospf` yet accepts API clients and crashes at their first request (8.4.4); Debian starts ospfd first and
 * configures it afterwards, and just then a client wants to reconnect. True where this cannot be found out.
 */
export async function hasOspfInstance(): Promise<boolean> {
  try {
    return showsOspfSocket(await readFile('/proc/self/net/raw', 'latin1'));
  } catch {
    return true;
  }
}

/** For a text of the form of /proc/net/raw. */
export function showsOspfSocket(procNetRaw: string): boolean {
  return OSPF_SOCKET.test(procNetRaw);
}
