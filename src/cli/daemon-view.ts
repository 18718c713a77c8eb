import type { DaemonView } from '../doctor/index.js';
import type { StatusDocument } from '../http/index.js';
import { API_PREFIX } from '../tables/index.js';
import { askDaemon } from './client.js';
import { atSocket } from './daemon-address.js';

/** A daemon that takes longer is frozen; the doctor's other looks have about as much. */
const STATUS_WITHIN_MS = 4_000;

/** What the doctor asks the daemon on this socket. */
export async function askView(socket: string): Promise<DaemonView> {
  const path = `${API_PREFIX}/status`;
  const status = (await askDaemon({
    address: atSocket(socket),
    method: 'GET',
    path,
    timeoutMs: STATUS_WITHIN_MS,
  })) as StatusDocument;
  const name = (routerId: string) => status.nodes.find((node) => node.routerId === routerId)?.name ?? routerId;
  const replicas = status.services.flatMap((service) =>
    service.replicas.filter(({ reachable }) => reachable).map((replica) => ({ service: service.name, replica })),
  );
  return {
    connected: status.ospf.connected,
    pid: status.process.pid,
    duplicateRouterIds: status.process.duplicateRouterIds ?? [],
    trust: status.process.trust ?? null,
    failures: replicas.flatMap(({ service, replica: { routerId, failure } }) =>
      failure === null ? [] : [{ service, node: name(routerId), why: `${failure.code}: ${failure.reason}` }],
    ),
    notCounted: replicas.flatMap(({ service, replica: { routerId, notCounted } }) =>
      notCounted === null ? [] : [{ service, node: name(routerId), why: notCounted }],
    ),
  };
}
