import type { IncomingMessage, ServerResponse } from 'node:http';
import { Availability } from '../../../src/history/index.js';
import { availabilityDocument } from '../../../src/http/routes/availability.js';
import type {
  AvailabilityDocument,
  ClusterEvent,
  SessionDocument,
  SimulationQuestion,
  StatusUpdate,
} from '../../../web/src/api/types.js';
import type { WrittenDefinition } from '../../../web/src/model/definition-form.js';
import { answerCommand, refused } from './commands.js';
import { describeDefinitions, problemsOf } from './definitions.js';
import { DOCTOR, PKI } from './node-facts.js';
import type { FakeNodeOptions } from './node-options.js';
import type { World } from './world.js';

/** Answers like the real API, of the world instead of a daemon. */
export async function answerApi(
  options: FakeNodeOptions,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const { world, routerId } = options;
  const path = url.pathname.replace('/api/v1', '');
  const send = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (options.role === 'none') {
    const why = 'GET needs the role viewer, and CN=eve has no role: no rule of web.access names AB:CD';
    return send(...refused('not-allowed', why));
  }
  const [, area = '', name = '', command = ''] = path.split('/').map(decodeURIComponent);
  if (request.method === 'POST' && (area === 'services' || area === 'node' || area === 'groups')) {
    const body = (await readJson(request)) as { target?: string; pin?: boolean } | undefined;
    const [status, answer] = await answerCommand(options, area, name, command, body ?? {});
    return send(status, answer);
  }
  if (area === 'services' && command === 'configurations') return send(200, configurationsOf(world, name));
  switch (area) {
    case 'session':
      return send(200, sessionOf(options));
    case 'stream':
      return stream(world, routerId, response);
    case 'status':
      return send(200, {
        ...updateOf(world, routerId, null, []),
        process: {
          version: '0.1.0',
          pid: 811,
          uptimeSeconds: 4012,
          eventLoopDelayMs: 3,
          floodsLimited: { held: [], mergedLastMinute: 0 },
          lsdbComparisons: { done: 13, differed: 0 },
          trust: { mode: 'off', keyId: null, refused: 0, nodes: [] },
          duplicateRouterIds: [],
          ending: null,
          problems: [],
        },
      });
    case 'events':
      return send(200, { events: eventsOf(world, url.searchParams) });
    case 'availability':
      return send(200, availabilityOf(world, Number(url.searchParams.get('hours'))));
    case 'events.jsonl':
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.end(world.events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      return;
    case 'simulate':
      return send(200, simulate(world, Object.fromEntries(url.searchParams) as unknown as SimulationQuestion));
    case 'doctor':
      return send(200, DOCTOR);
    case 'pki':
      return send(200, PKI);
    case 'definitions':
      return answerDefinitions(options, request, name, send);
    default:
      return send(...refused('unknown-route', `there is no ${request.method} ${url.pathname}`));
  }
}

function sessionOf({ world, routerId, role = 'admin' }: FakeNodeOptions): SessionDocument {
  return {
    user: `CN=${role === 'admin' ? 'Ada Admin' : role}`,
    role: role === 'none' ? 'viewer' : role,
    via: 'certificate',
    node: { routerId, name: world.nodeNamed(routerId)?.name ?? routerId },
    version: '0.1.0',
    readOnly: false,
  };
}

function updateOf(
  world: World,
  routerId: string,
  changed: ReadonlySet<string> | null,
  removed: readonly string[],
): StatusUpdate {
  const node = world.nodeNamed(routerId);
  const services = [...world.services.values()].filter(({ name }) => changed === null || changed.has(name));
  return {
    node: { routerId, name: node?.name ?? routerId, phase: 'member', standby: node?.standby ?? false },
    ospf: { connected: true, ready: true, fullNeighbours: 2 },
    nodes: world.nodes,
    services,
    removed,
    complete: changed === null,
    ending: world.ending.has(routerId) ? ending(world, routerId) : null,
    problems: [],
    duplicateRouterIds: [],
    generatedAt: new Date().toISOString(),
  };
}

function ending(world: World, routerId: string): string[] {
  const mine = [...world.services.values()].filter(({ replicas }) =>
    replicas.some((replica) => replica.routerId === routerId && replica.state !== 'stopped'),
  );
  return mine.map(({ name }) => `${name} is being stopped`);
}

function stream(world: World, routerId: string, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const say = (event: string, data: unknown): void => {
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  say('status', updateOf(world, routerId, null, []));
  const endings = [
    coalesced(world, (changed, removed) => say('status', updateOf(world, routerId, changed, removed))),
    world.listenToEvents((event) => say('event', event)),
  ];
  const heartbeat = setInterval(() => response.write(':\n\n'), 10_000);
  response.on('close', () => {
    clearInterval(heartbeat);
    for (const end of endings) end();
  });
}

/** At most one update in 50 ms, as the real server. */
function coalesced(world: World, tell: (changed: ReadonlySet<string>, removed: readonly string[]) => void): () => void {
  let waiting: { readonly changed: Set<string>; readonly removed: string[] } | null = null;
  return world.listen((changed, removed) => {
    if (waiting === null) {
      const begun = { changed: new Set<string>(), removed: [] };
      waiting = begun;
      setTimeout(() => {
        waiting = null;
        tell(begun.changed, begun.removed);
      }, 50);
    }
    for (const name of changed) waiting.changed.add(name);
    waiting.removed.push(...removed);
  });
}

function availabilityOf(world: World, hours: number): AvailabilityDocument {
  const kept = new Availability();
  for (const event of world.events) kept.heard(event);
  const present = new Map([...world.services.values()].map(({ name, owner }) => [name, owner]));
  return availabilityDocument(kept, present, hours);
}

function eventsOf(world: World, query: URLSearchParams): ClusterEvent[] {
  const limit = Number(query.get('limit') ?? 100);
  const before = Number(query.get('before') ?? Number.POSITIVE_INFINITY);
  const text = query.get('text')?.toLowerCase();
  const matches = (event: ClusterEvent): boolean =>
    event.seq < before &&
    (['service', 'node', 'kind'] as const).every((key) => {
      const wanted = query.get(key);
      return wanted === null || event[key] === wanted;
    }) &&
    (text === undefined || event.text.toLowerCase().includes(text));
  return world.events.filter(matches).reverse().slice(0, limit);
}

function configurationsOf(world: World, name: string) {
  const service = world.services.get(name);
  const definition = world.definitions.get(name);
  const configurations = (service?.replicas ?? []).map(({ routerId, preference, notCounted }) => ({
    routerId,
    preference,
    hash: notCounted === null ? '90afc3c2b1d44e17' : '1fb2a09c77d0e3b5',
    shared: {
      kind: service?.kind,
      group: service?.group,
      addresses: notCounted === null ? service?.addresses : ['172.16.15.124'],
      dependsOn: definition?.dependsOn ?? [],
      critical: definition?.critical ?? false,
      scope: 'as',
      area: '0.0.0.0',
      preempt: true,
      handover: 'exclusive',
    },
  }));
  return { configurations };
}

function simulate(world: World, question: SimulationQuestion) {
  const { change, node, service, group: named } = question;
  const there = world.nodeNamed(node)?.routerId ?? null;
  const isMove = change === 'move' || change === 'pin';
  const isMeant = ({ name, group }: { readonly name: string; readonly group: string }): boolean =>
    (service ?? named) === undefined || named === group || service === name;
  const groups = new Set([...world.services.values()].map(({ group }) => group));
  return {
    question,
    groups: [...groups].map((group) => {
      const members = [...world.services.values()].filter((service) => service.group === group);
      const before = members.find(({ elected }) => elected !== null)?.elected ?? null;
      const isNamed = members.some(isMeant);
      const standby = isMove && isNamed && world.nodes.find(({ routerId }) => routerId === there)?.standby === true;
      const next = members[0]?.replicas.find(({ routerId, config }) => routerId !== there && config === 'active');
      const leaves = before === there && !isMove && change !== 'return' && isNamed;
      const stays = leaves ? (next?.routerId ?? null) : before;
      return {
        group,
        before,
        after: isMove && isNamed && !standby ? there : stays,
        members: members.map(({ name }) => name),
        refused: standby ? `${node} is on standby: end that first` : null,
      };
    }),
  };
}

async function answerDefinitions(
  { world, routerId }: FakeNodeOptions,
  request: IncomingMessage,
  name: string,
  send: (status: number, body: unknown) => void,
): Promise<void> {
  const entries = describeDefinitions(world, routerId);
  if (request.method === 'GET') {
    if (name === 'export')
      return send(
        200,
        entries.map(({ definition }) => definition),
      );
    if (name === '') return send(200, entries);
    const entry = entries.find((each) => each.name === name);
    return entry === undefined
      ? send(...refused('unknown-definition', `no definition named ${name}`))
      : send(200, entry);
  }
  const body = (await readJson(request)) as WrittenDefinition | undefined;
  if (name === 'validate') return send(200, { problems: problemsOf(world, body), warnings: [] });
  if (request.method === 'DELETE') {
    world.tell('configuration', routerId, `definition of ${name} deleted`, { service: name, operator: 'CN=Ada Admin' });
    world.removeService(name);
    return send(200, { text: `${name} is deleted` });
  }
  if (body === undefined) return send(...refused('wrong-definition', 'expected a definition'));
  const problems = problemsOf(world, body);
  if (problems.length > 0)
    return send(...refused('wrong-definition', problems.map(({ message }) => message).join('; ')));
  const whyNot = entries.find((each) => each.name === body.name)?.whyNot ?? null;
  if (whyNot !== null) return send(...refused('refused', whyNot));
  const there = world.services.has(body.name);
  if (there) {
    world.definitions.set(body.name, body);
    const replica = world.replica(body.name, routerId);
    if (replica !== undefined) replica.notCounted = null;
  } else world.addService(body, [routerId]);
  world.tell('configuration', routerId, `definition of ${name} saved`, { service: name, operator: 'CN=Ada Admin' });
  world.changed(body.name);
  return send(200, { text: `${body.name} is saved` });
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? undefined : JSON.parse(text);
}
