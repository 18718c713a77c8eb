import { describe, expect, it } from 'vitest';
import { routerId } from '../../model/router-id.js';
import { COMMANDS, type ServiceCommand } from '../../tables/index.js';
import type { Engine } from '../engine.js';
import type { Event } from '../state/event.js';
import { daemonSaid, heardFromOther, serviceSaid, testDefinition, testMember } from '../testing.js';

const ALL = Object.keys(COMMANDS.service) as ServiceCommand[];
const [OTHER, SELF] = [routerId(1), routerId(2)];

const activated = (): Engine => {
  const engine = testMember([testDefinition('WEB')]);
  ended(engine, 'activate', 'succeeded');
  return engine;
};

const HERE: Record<string, () => Engine> = {
  'is being activated': () => testMember([testDefinition('WEB')]),
  'may not be activated': () => testMember([testDefinition('WEB', { enabled: false })]),
  'waits for an operator': () => testMember([testDefinition('WEB', { autoActivate: false })]),
  'could not be activated': () => {
    const engine = testMember([testDefinition('WEB')]);
    ended(engine, 'activate', 'failed');
    return engine;
  },
  'is activated': activated,
  'is on standby': () => {
    const engine = activated();
    ask(engine, 'stop');
    return engine;
  },
  'is on a node that shuts down': () => {
    const engine = activated();
    engine.handle({ type: 'shutdown' }, 6_000);
    return engine;
  },
};

describe.each(Object.entries(HERE))('of a service that %s, the status', (_, engineOf) => {
  it('says of each command what the command is refused with, and is silent on what is carried out', () => {
    const { impossible } = replicaIn(engineOf(), SELF);
    const asked = ALL.filter((command) => command !== 'confirm-stopped');
    const differing = asked.filter((command) => {
      const answer = ask(engineOf(), command);
      const said = impossible[command];
      // To enable what is enabled writes its file anew: it is no use, and no error.
      if (said?.endsWith('abled on alpha already')) return answer?.ok !== true;
      return said === undefined ? answer?.ok === false : answer?.text !== said;
    });
    expect(differing).toEqual([]);
  });
});

it('what can be asked of another node is said as far as it is announced', () => {
  const engine = testMember([testDefinition('WEB')]);
  const there = (): readonly string[] => Object.keys(replicaIn(engine, OTHER).impossible).sort();
  const never = ['confirm-stopped', 'disable', 'enable', 'status'];
  engine.handle(heardFromOther(daemonSaid(), '222.0.0.0'), 5_000);
  engine.handle(heardFromOther(serviceSaid(testDefinition('WEB'))), 5_000);
  const stopped = ['activate', 'check', 'clear', 'reload', 'restart', 'unpin'];
  expect(there()).toEqual([...never, ...stopped].sort());
  const failure = { code: 'start-failed', reason: '' } as const;
  const failed = serviceSaid(testDefinition('WEB'), {
    sequence: { epoch: 1, counter: 3 },
    runState: 'failed',
    failure,
  });
  engine.handle(heardFromOther(failed), 5_000);
  expect(there()).toEqual([...never, 'check', 'move', 'reload', 'restart', 'start', 'unpin'].sort());
  expect(replicaIn(engine, OTHER).impossible.move).toBe('WEB has failed on beta (start-failed): clear it first');
  engine.handle({ type: 'reachability', added: [], removed: [OTHER] }, 5_000);
  expect(there()).toEqual([...ALL].sort());
  expect(engine.statusHead().nodes[0]?.whyNoCommands).toBe('beta (0.0.0.1) is unreachable');
});

function replicaIn(engine: Engine, id: number) {
  return engine.serviceStatus('WEB')!.replicas.find(({ routerId }) => routerId === `0.0.0.${id}`)!;
}

function ask(engine: Engine, command: ServiceCommand): { readonly ok: boolean; readonly text: string } | undefined {
  const asked = {
    type: 'command',
    request: 'r',
    operator: 'o',
    role: 'operator',
    order: { of: 'service', service: 'WEB', command },
    target: SELF,
    pin: false,
  } as const;
  return engine.handle(asked, 6_000).find((effect) => effect.type === 'reply');
}

function ended(engine: Engine, primitive: 'activate', result: 'succeeded' | 'failed'): void {
  const { run } = engine.state.replicas.get('WEB')!.job!;
  const outcome = { result, output: '' } as Extract<Event, { type: 'primitive-ended' }>['outcome'];
  engine.handle({ type: 'primitive-ended', service: 'WEB', primitive, run, outcome, unixSeconds: 0 }, 5_500);
}
