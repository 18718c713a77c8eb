import { type Ipv4, ipv4, type LsaInstance } from 'ospfapi-shim';
import type { TransportEvent } from '../../cluster/index.js';
import type { Trust } from '../../trust/index.js';
import type { TransportNotice } from '../notice.js';
import { OspfTransport } from '../ospf-transport.js';
import type { OspfTransportOptions } from '../ospf-transport-options.js';
import { FakeOspfd } from './fake-ospfd.js';
import { ManualClock, settle } from './manual-clock.js';
import { MemoryGenerationStore } from './memory-store.js';

/** For tests: a node on a model of ospfd, which is told what the other one has out. */
export class Node {
  readonly clock = new ManualClock();
  readonly events: TransportEvent[] = [];
  readonly notices: TransportNotice[] = [];
  readonly ospfd: FakeOspfd;
  readonly transport: OspfTransport;

  constructor(
    readonly routerId: Ipv4,
    readonly trust: Trust,
    neighbour: Ipv4,
    options: Partial<OspfTransportOptions> = {},
  ) {
    this.ospfd = new FakeOspfd(this.clock, routerId);
    this.transport = new OspfTransport({
      port: this.ospfd,
      cluster: 'default',
      store: new MemoryGenerationStore(),
      notice: (notice) => this.notices.push(notice),
      trust,
      clock: this.clock,
      firstGeneration: () => 0,
      ...options,
    });
    this.transport.start((event) => this.events.push(event));
    this.ospfd.neighbourFull(neighbour);
    this.ospfd.reachable.add(neighbour);
    this.ospfd.connect();
  }

  /** What it tells the core of others. */
  get heard(): string[] {
    return this.events.flatMap((event) => {
      if (event.type === 'announcement' && event.origin !== Number(this.routerId)) return [words(event)];
      return event.type === 'withdrawal' ? [`${words(event)} withdrawn`] : [];
    });
  }

  /** Its LSAs as they are now. */
  get out(): LsaInstance[] {
    return this.ospfd.lsdb.list().filter(({ header }) => header.advertisingRouter === this.routerId);
  }

  /** An LSA in anybody's name, as it comes from the network. */
  receive(lsa: LsaInstance): void {
    this.ospfd.receive({ ...lsa, own: false });
  }
}

/** Floods what each of them has out to the other, until nothing changes any more. */
export async function flood(...nodes: readonly Node[]): Promise<void> {
  for (let before = ''; ; ) {
    await settle();
    for (const node of nodes) for (const other of nodes) if (other !== node) tell(node, other);
    const now = JSON.stringify(nodes.map(({ out }) => out.map(({ header, body }) => [header.linkStateId, ...body])));
    await settle();
    if (now === before) return;
    before = now;
  }
}

function tell(from: Node, to: Node): void {
  const known = to.ospfd.lsdb.list().filter(({ header }) => header.advertisingRouter === from.routerId);
  const same = (a: LsaInstance, b: LsaInstance) => a.header.linkStateId === b.header.linkStateId;
  for (const lsa of from.out) {
    const there = known.find((each) => same(each, lsa));
    if (there === undefined || Buffer.compare(there.body, lsa.body) !== 0) to.receive(lsa);
  }
  for (const lsa of known) {
    if (from.out.some((each) => same(each, lsa))) continue;
    to.ospfd.flush(lsa.header.type, lsa.header.linkStateId, ipv4(lsa.header.advertisingRouter));
  }
}

function words(event: Extract<TransportEvent, { type: 'announcement' | 'withdrawal' }>): string {
  const { epoch, counter } = event.type === 'withdrawal' ? event.sequence : event.announcement.sequence;
  const kind = event.type === 'withdrawal' ? event.subject.kind : event.announcement.kind;
  return `${kind} ${epoch}.${counter}`;
}
