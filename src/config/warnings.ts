import type { ServiceDefinition } from '../model/index.js';

/** Something in a definition that works, and hardly does what was meant. */
export interface DefinitionWarning {
  readonly service: string;
  readonly group: string;
  readonly key: string;
  /** A sentence, without service and key. */
  readonly message: string;
}

/** What the definitions of one node are warned of together. */
export function definitionWarnings(definitions: readonly ServiceDefinition[]): DefinitionWarning[] {
  return [...membersByGroup(definitions)].flatMap(([group, members]) => ignoredPreferences(group, members));
}

function membersByGroup(definitions: readonly ServiceDefinition[]): Map<string, ServiceDefinition[]> {
  const groups = new Map<string, ServiceDefinition[]>();
  for (const definition of definitions) {
    const members = groups.get(definition.group);
    if (members === undefined) groups.set(definition.group, [definition]);
    else members.push(definition);
  }
  return groups;
}

/** A group is placed as one. Without a critical member its most preferred one speaks for the node (docs/states-and-rules.md). */
function ignoredPreferences(group: string, members: readonly ServiceDefinition[]): DefinitionWarning[] {
  if (members.some(({ critical }) => critical)) return [];
  const highest = Math.max(...members.map(({ preference }) => preference));
  const [most] = members.filter(({ preference }) => preference === highest);
  return members
    .filter(({ preference }) => preference < highest)
    .map(({ name, preference }) => ({
      service: name,
      group,
      key: 'preference',
      message: `expected ${highest}, as ${most?.name} has, got ${preference}, which counts for nothing: group ${group} has no critical member, and is placed by the highest preference on the node. Give all its members the same, or make one critical`,
    }));
}
