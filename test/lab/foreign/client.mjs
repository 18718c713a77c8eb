import { OspfApiClient } from 'ospfapi-shim';

export const OPAQUE_TYPE = 222;

/** A client of this namespace's ospfd, which has a Full neighbour, and the announcements of AS scope that are in its LSDB. */
export async function clientOfOspfd(lsaTypes = [11]) {
  const client = new OspfApiClient({
    host: '127.0.0.1',
    port: 2607,
    opaque: lsaTypes.map((lsaType) => ({ lsaType, opaqueType: OPAQUE_TYPE })),
  });
  await new Promise((resolve) => {
    let synced = false;
    client.start((event) => {
      synced ||= event.type === 'synced';
      if (synced && client.neighbours().some(({ state }) => state === 'full')) resolve();
    });
  });
  const genuine = client.lsdb.list({ type: 11 }).filter(({ header }) => header.linkStateId >>> 24 === OPAQUE_TYPE);
  return { client, genuine };
}
