import type { LsaInstance } from 'ospfapi-shim';
import type { RouterId } from '../model/index.js';
import { DAEMON_SERIES, parseLinkStateId } from './link-state-id.js';

/** The LSAs of one router, its Daemon announcement last: that is word that everything has been heard. */
export function daemonLast(lsas: readonly LsaInstance[], origin: RouterId): readonly LsaInstance[] {
  const own = lsas.filter(({ header }) => header.advertisingRouter === Number(origin));
  return [...own.filter((lsa) => !isDaemon(lsa)), ...own.filter(isDaemon)];
}

function isDaemon({ header }: LsaInstance): boolean {
  return parseLinkStateId(header.linkStateId)?.series === DAEMON_SERIES;
}
