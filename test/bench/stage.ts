import type { Run, Scenario } from './measurement.js';

/** A scenario that knows how it is run in a world: a lab with everything in it that the scenario needs. */
export interface Act<World> extends Scenario {
  /** Before the first run; what the client asks is kept as raw data under the scenario's name. */
  prepare(world: World): Promise<void>;
  /** Leaves the world as it found it: everything at rest. */
  run(world: World): Promise<Run>;
  /** After the last run. Returns the files with raw replies. */
  finish(world: World): Promise<readonly string[]>;
}

/** Scenarios that share a lab. */
export interface Stage {
  readonly name: string;
  /** What building it takes; for the remaining time only. */
  readonly seconds: number;
  readonly scenarios: readonly Scenario[];
  open(): Promise<OpenStage>;
}

export interface OpenStage {
  /** What the versions in the lab are, by program. */
  readonly versions: Readonly<Record<string, string>>;
  prepare(id: string): Promise<void>;
  run(id: string): Promise<Run>;
  finish(id: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface StageParts<World> {
  readonly name: string;
  readonly seconds: number;
  readonly acts: readonly Act<World>[];
  build(): Promise<World>;
  versions(world: World): Promise<Readonly<Record<string, string>>>;
  destroy(world: World): Promise<void>;
}

/** Ties scenarios to the world they need. */
export function stage<World>({ name, seconds, acts, build, versions, destroy }: StageParts<World>): Stage {
  const actOf = (id: string): Act<World> => {
    const act = acts.find((each) => each.id === id);
    if (act === undefined) throw new RangeError(`${name} has no scenario ${id}`);
    return act;
  };
  return {
    name,
    seconds,
    scenarios: acts,
    open: async () => {
      const world = await build();
      return {
        versions: await versions(world),
        prepare: (id) => actOf(id).prepare(world),
        run: (id) => actOf(id).run(world),
        finish: (id) => actOf(id).finish(world),
        close: () => destroy(world),
      };
    },
  };
}
