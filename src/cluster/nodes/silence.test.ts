import { expect, it } from 'vitest';
import { routerId } from '../../model/router-id.js';
import type { Event } from '../state/event.js';
import { heardFromOther, serviceSaid, testDefinition, testMember } from '../testing.js';

const [OTHER, THIRD] = [routerId(1), routerId(3)];

it('a node that was asked and does not answer is silent, though another owner came and went meanwhile', () => {
  const web = testDefinition('WEB');
  const engine = testMember([web]);
  engine.handle({ type: 'reachability', added: [THIRD], removed: [] }, 5_000);
  engine.handle(heardFromOther(serviceSaid(web, { preference: 200 })), 5_000);
  engine.handle({ type: 'timer', timer: { kind: 'quiet', node: OTHER } }, 8_000);
  expect(engine.state.view.nodes.get(OTHER)).toMatchObject({ probed: true, silent: false });
  const third = (counter: number, runState: 'started' | 'failed'): Event => {
    const said = serviceSaid(web, { preference: 255, sequence: { epoch: 1, counter }, runState, claim: 1 });
    return { ...heardFromOther(said, `222.${counter}.0.0`), origin: THIRD } as Event;
  };
  engine.handle(third(1, 'started'), 10_000);
  expect(engine.state.groups.get('WEB')?.owner).toBe(THIRD);
  engine.handle(third(2, 'failed'), 11_000);
  expect(engine.state.groups.get('WEB')?.owner).toBe(OTHER);
  engine.handle({ type: 'timer', timer: { kind: 'silent', node: OTHER } }, 19_000);
  expect(engine.state.view.nodes.get(OTHER)?.silent).toBe(true);
});
