import { CLUSTER_ACTS, LOAD_ACTS } from './cluster-acts.js';
import { buildClusterWorld, type ClusterWorld } from './cluster-world.js';
import { manyServices } from './many-act.js';
import type { Scenario } from './measurement.js';
import { keepalivedStage } from './peers/keepalived.js';
import { pacemakerStage } from './peers/pacemaker.js';
import { type Stage, stage } from './stage.js';
import { buildTransitWorld, transitRouterDies } from './transit-act.js';

/** Everything that `make bench` measures, in this order. */
export const STAGES: readonly Stage[] = [
  stage<ClusterWorld>({
    name: 'three nodes',
    seconds: 20,
    acts: [...CLUSTER_ACTS, ...LOAD_ACTS, manyServices()],
    build: buildClusterWorld,
    versions: async ({ a }) => {
      const { process: srrd } = await a.srrd.status();
      return { srrd: srrd.version, FRR: a.frr.version };
    },
    destroy: ({ lab }) => lab.destroy(),
  }),
  stage({
    name: 'three routers between owner and client',
    seconds: 20,
    acts: [transitRouterDies()],
    build: buildTransitWorld,
    versions: async () => ({}),
    destroy: ({ lab }) => lab.destroy(),
  }),
  keepalivedStage(1, 'vrrp', 3),
  keepalivedStage(0.05, 'vrrp-50ms', 5),
  pacemakerStage(),
];

export const ALL_SCENARIOS: readonly Scenario[] = STAGES.flatMap(({ scenarios }) => scenarios);
