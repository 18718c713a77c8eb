import type { DefinitionEntry, DefinitionProblem } from '../../../web/src/api/types.js';
import type { WrittenDefinition } from '../../../web/src/model/definition-form.js';
import type { World } from './world.js';

export function describeDefinitions(world: World, routerId: string): DefinitionEntry[] {
  return [...world.definitions.values()].map((definition) => {
    const { name } = definition;
    const config = world.replica(name, routerId)?.config ?? 'inactive';
    const editable = config === 'inactive' || config === 'disabled' || config === 'failed';
    return {
      name,
      file: `/var/lib/srrd/services/${name}.yaml`,
      definition,
      inForce: true,
      problems: [],
      editable,
      whyNot: editable ? null : `${name} is ${config} here: deactivate it first`,
    };
  });
}

/** A few of the daemon's rules. */
export function problemsOf(world: World, definition: WrittenDefinition | undefined): DefinitionProblem[] {
  const problems: DefinitionProblem[] = [];
  const { name = '', makefile, preference, addresses } = definition ?? { name: '' };
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(name)) problems.push(conflict('name', 'expected 1 to 64 of A-Z a-z 0-9 . _ -'));
  if (typeof makefile !== 'string' || makefile === '') {
    problems.push(conflict('makefile', 'expected the path of a file or folder'));
  }
  if (preference !== undefined && !(Number(preference) >= 0 && Number(preference) <= 255)) {
    problems.push(conflict('preference', 'expected an integer from 0 to 255'));
  }
  for (const address of Array.isArray(addresses) ? addresses : []) {
    const holder = [...world.services.values()].find((each) => each.name !== name && each.addresses.includes(address));
    if (holder !== undefined) problems.push(conflict('addresses', `${address} belongs to the service ${holder.name}`));
  }
  return problems;
}

function conflict(key: string, message: string): DefinitionProblem {
  return { file: null, line: null, key, code: 'conflict', expected: message, found: null, message };
}
