import { expect, test } from 'vitest';
import type { RoutingEvent } from '../cluster/index.js';
import { aliasPort } from './alias-port.js';

/** A manager whose `down` waits for ospfd until it is told to end. */
function slowManager(isUp: boolean) {
  let end = (): void => {};
  const events: RoutingEvent[] = [];
  const nothing = () => Promise.resolve();
  const port = aliasPort(
    {
      prepare: () => {},
      up: nothing,
      announce: nothing,
      withhold: nothing,
      announceAs: nothing,
      down: (_, gone) => {
        if (isUp) gone?.();
        return new Promise((resolve) => {
          end = resolve;
        });
      },
    },
    (event) => events.push(event),
  );
  const ended = async () => {
    end();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { port, events, ended };
}

const DOWN = { type: 'alias-down', service: 'WEB' };

test('an alias is down when its addresses are gone, whatever ospfd takes to be told', async () => {
  const { port, events, ended } = slowManager(true);
  port.down('WEB');
  expect(events).toEqual([DOWN]);
  await ended();
  expect(events).toEqual([DOWN]);
});

test('what was not up is down all the same', async () => {
  const { port, events, ended } = slowManager(false);
  port.down('WEB');
  expect(events).toEqual([]);
  await ended();
  expect(events).toEqual([DOWN]);
});
