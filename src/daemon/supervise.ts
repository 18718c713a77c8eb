import { type notifySocket, Supervision } from '../systemd/index.js';
import { CLOSE_WITHIN_MS } from './close.js';
import { statusLine } from './status-line.js';
import type { Wiring } from './wiring.js';

/** Tells systemd how the node is, from now on; null: it has not asked. A node that is isolated announces nothing. */
export function supervise(
  socket: ReturnType<typeof notifySocket>,
  { modules, shutdown, changed, ending }: Wiring,
): Supervision | null {
  if (socket === null) return null;
  const { engine } = modules;
  const supervision = new Supervision({
    socket,
    isReady: () => engine.state.phase !== 'isolated',
    status: () =>
      statusLine({
        head: engine.statusHead(),
        own: [...engine.state.replicas.values()].map(({ definition: { name }, config, run }) => ({
          name,
          config,
          run,
        })),
        ending: shutdown.begun ? modules.notStopped() : null,
      }),
  });
  changed.add(() => supervision.changed());
  ending.add((withinMs) => supervision.ending(withinMs + CLOSE_WITHIN_MS));
  return supervision;
}
