import type { NodeConfiguration, ServiceStatus } from '../api/types.js';
import { compareConfigurations } from './compare.js';
import type { WrittenDefinition } from './definition-form.js';

/** How this node's definition can be brought in line. */
export interface Repair {
  readonly own: NodeConfiguration;
  /** The node whose keys count: the owner, else one that is with most nodes. */
  readonly from: NodeConfiguration;
  /** Why not now and what to do, in words; null: it can be. */
  readonly whyNot: string | null;
  /** When it takes effect, in words; null: at once. */
  readonly waits: string | null;
}

/** null: this node's definition says the same as the others', or nobody can say whose counts. Pure. */
export function repairOf(
  service: ServiceStatus,
  configurations: readonly NodeConfiguration[],
  self: string,
): Repair | null {
  const own = configurations.find(({ routerId }) => routerId === self);
  const wrong = compareConfigurations(configurations).filter(({ difference }) => difference === 'wrong');
  const isOdd = (routerId: string) =>
    wrong.some(({ values }) => values.find((value) => value.routerId === routerId)?.odd === true);
  if (own === undefined || !isOdd(self) || service.owner === self) return null;
  const others = configurations.filter((each) => each !== own && differingKeys(own, each).length > 0);
  const from =
    others.find(({ routerId }) => routerId === service.owner) ?? others.find(({ routerId }) => !isOdd(routerId));
  if (from === undefined) return null;
  const config = service.replicas.find(({ routerId }) => routerId === self)?.config;
  return { own, from, whyNot: whyNotNow(config), waits: config === 'failed' ? WAITS : null };
}

/** Both would take the same from the same node, to the same. Pure. */
export function isSameRepair(shown: Repair, now: Repair | null): boolean {
  const partsOf = ({ own, from }: Repair) => JSON.stringify([own.shared, from.routerId, from.shared]);
  return now !== null && partsOf(now) === partsOf(shown);
}

/** This node's definition with the keys that must be the same on all nodes, and are not, as they are there. Pure. */
export function repaired(definition: WrittenDefinition, { own, from }: Repair): WrittenDefinition {
  const keys = differingKeys(own, from);
  const kept = Object.entries(definition).filter(([key]) => !keys.some((each) => each === key));
  const taken = keys.map((key) => [key, from.shared[key]] as const);
  // An area that is not written is that of the node's own interfaces.
  const written = taken.filter(([, value]) => value !== null && value !== undefined);
  return { ...Object.fromEntries([...kept, ...written]), name: definition.name };
}

const WAITS = 'it takes effect when its failure here is cleared';

function whyNotNow(config: string | undefined): string | null {
  switch (config) {
    case 'injected':
    case 'active':
      return `it is ${config} here. Deactivate it, take the definition, and activate it again: Deactivate and Activate are among its commands`;
    case 'deactivated':
      return 'it is being deactivated here: wait until it is inactive';
    default:
      return null;
  }
}

type SharedKey = keyof NodeConfiguration['shared'];

function differingKeys(a: NodeConfiguration, b: NodeConfiguration): readonly SharedKey[] {
  const rows = compareConfigurations([a, b]).filter(({ difference }) => difference === 'wrong');
  return rows.map(({ key }) => key as SharedKey);
}
