import { expect, it } from 'vitest';
import { routerId } from '../../model/router-id.js';
import type { Effect } from '../state/effect.js';
import type { Event } from '../state/event.js';
import { daemonSaid, heardFromOther, serviceSaid, testDefinition, testMember } from '../testing.js';

it('an address that comes up while another node serves goes down again, until that node has stopped', () => {
  const definition = testDefinition('WEB', { preference: 200 });
  const engine = testMember([definition]);
  const replica = engine.state.replicas.get('WEB')!;
  let nowMs = 6_000;
  const handle = (event: Event): Effect['type'][] =>
    engine
      .handle(event, nowMs++)
      .map(({ type }) => type)
      .filter((type) => type.startsWith('alias') || type === 'run');
  const echo = () => ({
    type: 'announcement' as const,
    origin: routerId(2),
    lsaId: 'x',
    ageSeconds: 0,
    announcement: replica.announced!,
  });
  const said = (runState: 'started' | 'stopping' | 'stopped', counter: number) =>
    heardFromOther(serviceSaid(definition, { runState, claim: 1, sequence: { epoch: 1, counter } }));
  handle(heardFromOther(daemonSaid(), '222.0.0.1'));
  handle({
    type: 'primitive-ended',
    service: 'WEB',
    primitive: 'activate',
    run: replica.job!.run,
    outcome: { result: 'succeeded', output: '' },
    unixSeconds: 0,
  });
  handle(echo());
  expect(handle(echo())).toEqual(['alias-up']);

  handle(said('started', 3));
  expect(handle({ type: 'alias-up', service: 'WEB' })).toEqual(['alias-down']);
  expect(handle({ type: 'alias-down', service: 'WEB' })).toEqual([]);
  expect(handle(said('stopping', 4))).toEqual([]);
  expect([replica.run, handle(said('stopped', 5))]).toEqual(['starting', ['alias-up']]);
  expect(handle({ type: 'alias-up', service: 'WEB' })).toEqual(['run']);
});
