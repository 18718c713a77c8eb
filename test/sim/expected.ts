import type { Effect, Event } from '../../src/cluster/index.js';
import { FAILURE_CODES, type FailureCode } from '../../src/tables/index.js';
import type { Coverage } from './coverage.js';

/** What a long run must have exercised at least once. The compiler demands that new events and effects are added. */
export const EXPECTED_EVENTS: Record<Event['type'], readonly string[]> = {
  begin: ['begin'],
  configure: ['configure'],
  connected: ['connected'],
  synced: ['synced'],
  disconnected: ['disconnected'],
  announcement: ['announcement service', 'announcement daemon', 'announcement command'],
  withdrawal: ['withdrawal service', 'withdrawal daemon', 'withdrawal command'],
  reachability: ['reachability'],
  routes: ['routes'],
  neighbours: ['neighbours'],
  // Two routers that fight over a Router LSA are real FRR's (test/lab/duplicate-router-id.test.ts).
  'duplicate-router-id': [],
  refused: ['refused'],
  'alias-up': ['alias-up'],
  'alias-down': ['alias-down'],
  'alias-failed': ['alias-failed'],
  'alias-lost': ['alias-lost'],
  command: [
    ...['activate', 'deactivate', 'start', 'stop', 'move', 'unpin', 'restart', 'reload', 'check', 'status', 'clear'],
    ...['enable', 'disable', 'node-standby', 'node-unstandby'],
    ...['activate', 'deactivate', 'start', 'stop', 'move', 'unpin', 'clear'].map((name) => `group-${name}`),
  ].map((name) => `command ${name}`),
  'primitive-ended': [
    ...[
      'activate',
      'deactivate',
      'start',
      'stop',
      'reload',
      'restart',
      'join',
      'leave',
      'failed',
      'status',
      'check',
    ].flatMap((name) => [`primitive-ended ${name} succeeded`, `primitive-ended ${name} failed`]),
    ...['start', 'stop', 'check', 'activate'].flatMap((name) => [
      `primitive-ended ${name} timed-out`,
      `primitive-ended ${name} recall`,
    ]),
    ...['start', 'check', 'join', 'leave', 'restart'].map((name) => `primitive-ended ${name} killed`),
  ],
  'watch-ended': ['watch-ended'],
  timer: ['timer join', 'timer recall', 'timer check', 'timer peers', 'timer quiet', 'timer silent', 'timer takeover'],
  'lease-overrun': ['lease-overrun'],
  // Passed on and nothing more: no simulated node has a web server.
  revocations: [],
  // What a file says is another: src/cluster/settings.test.ts.
  settings: [],
  shutdown: ['shutdown'],
};

export const EXPECTED_EFFECTS: Record<Effect['type'], readonly string[]> = {
  announce: [
    'announce service change',
    'announce service refresh',
    'announce daemon change',
    'announce command change',
  ],
  withdraw: ['withdraw service', 'withdraw daemon', 'withdraw command'],
  'alias-up': ['alias-up'],
  'alias-down': ['alias-down'],
  'route-up': ['route-up'],
  'route-down': ['route-down'],
  // No simulated node has so many addresses, and a route is a route to it, whichever LSA says so.
  'route-way': [],
  run: ['run start', 'run stop', 'run check', 'run join', 'run leave', 'run failed', 'run restart', 'run reload'],
  kill: ['kill'],
  watch: ['watch'],
  unwatch: ['unwatch'],
  'set-timer': ['set-timer'],
  'cancel-timer': ['cancel-timer'],
  'persist-node': ['persist-node'],
  'persist-service': ['persist-service'],
  'set-enabled': ['set-enabled'],
  reply: ['reply'],
  happened: ['happened'],
  report: ['report'],
  finished: ['finished'],
};

/** The transitions of docs/states-and-rules.md. */
export const EXPECTED_TRANSITIONS: readonly string[] = [
  'disabled/stopped -> inactive/stopped',
  'inactive/stopped -> disabled/stopped',
  'inactive/stopped -> injected/stopped',
  'inactive/stopped -> failed/stopped',
  'injected/stopped -> active/stopped',
  'injected/stopped -> deactivated/stopped',
  'injected/stopped -> failed/stopped',
  'failed/stopped -> inactive/stopped',
  'active/stopped -> active/starting',
  'active/stopped -> deactivated/stopped',
  'active/starting -> active/started',
  'active/starting -> active/stopped',
  'active/starting -> active/stopping',
  'active/started -> active/stopping',
  'active/stopping -> active/stopped',
  'active/stopping -> active/failed',
  'active/failed -> active/stopped',
  'active/failed -> deactivated/stopped',
  'deactivated/stopped -> inactive/stopped',
];

/** No rule of the core has a replica fail so. */
const NO_FAILURE: ReadonlySet<FailureCode> = new Set(['deactivate-failed', 'deactivate-timed-out', 'unknown']);

/** Functions of the core that a simulated cluster has no use for: they describe or predict. */
const NOT_SIMULATED =
  /^(engine: (status|simulate|serviceNames|serviceStatus|definitionConflicts|configurations)|status|simulat|preview|what-if|testing|router-id|explain)/;

/** What was never exercised. */
export function neverExercised(
  coverage: Pick<Coverage, 'events' | 'effects' | 'transitions' | 'failures' | 'functions'>,
): string[] {
  const missing = (table: ReadonlyMap<string, number>, names: readonly string[]): string[] =>
    names.filter((name) => (table.get(name) ?? 0) === 0);
  const failures = FAILURE_CODES.filter((code) => !NO_FAILURE.has(code));
  return [
    ...missing(coverage.events, Object.values(EXPECTED_EVENTS).flat()).map((name) => `event ${name}`),
    ...missing(coverage.effects, Object.values(EXPECTED_EFFECTS).flat()).map((name) => `effect ${name}`),
    ...missing(coverage.transitions, EXPECTED_TRANSITIONS).map((name) => `transition ${name}`),
    ...missing(coverage.failures, failures).map((name) => `failure ${name}`),
    ...[...coverage.functions].flatMap(([name, count]) =>
      count === 0 && !NOT_SIMULATED.test(name) ? [`rule ${name}`] : [],
    ),
  ];
}
