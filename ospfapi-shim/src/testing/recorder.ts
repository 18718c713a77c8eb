import type { OspfApiEvent } from '../events.js';

type EventOf<T extends OspfApiEvent['type']> = Extract<OspfApiEvent, { readonly type: T }>;

/** Keeps the events of a client and waits for those to come. */
export class Recorder {
  readonly events: OspfApiEvent[] = [];
  #wake: () => void = () => {};
  #taken = 0;

  readonly listener = (event: OspfApiEvent): void => {
    this.events.push(event);
    this.#wake();
  };

  /** The next event of this type after the last one that was waited for. The test's own time limit applies. */
  async next<T extends OspfApiEvent['type']>(type: T): Promise<EventOf<T>> {
    for (;;) {
      const event = this.events[this.#taken];
      if (event === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else {
        this.#taken++;
        if (event.type === type) return event as EventOf<T>;
      }
    }
  }

  types(): OspfApiEvent['type'][] {
    return this.events.map((event) => event.type);
  }

  of<T extends OspfApiEvent['type']>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }
}
