import type { Plan } from '../plan.js';
import type { Adversary } from '../world.js';
import { Keyless } from './adversary.js';

export { withAdversary } from './plan-adversary.js';

export function makeAdversary(plan: Plan): Adversary {
  if (plan.adversary === null) throw new Error('the plan has no adversary');
  return new Keyless(plan, plan.adversary);
}
