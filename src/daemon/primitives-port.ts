import type { Event } from '../cluster/index.js';
import type { PrimitiveRunner } from '../primitives/index.js';
import type { Primitives } from './ports.js';

/** Is told how each ended, and after how many ms. */
type PrimitiveEnded = (primitive: string, service: string, result: string, ms: number) => void;

/** Primitives for those who wait for events instead of promises. */
export function primitivesPort(
  runner: Pick<PrimitiveRunner, 'run' | 'kill' | 'watch' | 'endWatch'>,
  emit: (event: Event) => void,
  ended: PrimitiveEnded = () => {},
  unixSeconds: () => number = () => Math.floor(Date.now() / 1000),
): Primitives {
  return {
    run: (definition, { type: _type, ...request }) => {
      const { service, primitive, run } = request;
      const begunMs = performance.now();
      void runner.run({ ...request, definition }).then((outcome) => {
        ended(primitive, service, outcome.result, performance.now() - begunMs);
        emit({ type: 'primitive-ended', service, primitive, run, outcome, unixSeconds: unixSeconds() });
      });
    },
    kill: (service, run) => runner.kill(service, run),
    watch: (definition, { service, run, context }) => {
      void runner.watch({ service, run, context, definition }).then((reason) => {
        if (reason !== null) emit({ type: 'watch-ended', service, run, reason });
      });
    },
    unwatch: (service, run) => runner.endWatch(service, run),
  };
}
