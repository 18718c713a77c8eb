import type { CommandAnnouncement, Permitted, RemoteCommandRules } from '../../model/index.js';
import { COMMAND_ROLE, commandName, isAtLeast, type RemoteCommandName, type Role } from '../../tables/index.js';

/**
 * Why a command of another node is not carried out here; null: it is. One that carries no role comes from a version that lets
 * nobody below COMMAND_ROLE send any.
 */
export function whyNotPermitted(
  rules: RemoteCommandRules,
  { order, role }: Pick<CommandAnnouncement, 'order' | 'role'>,
): string | null {
  if (rules === false) return 'commands from other nodes are switched off here (remoteCommands: false)';
  const as = role ?? COMMAND_ROLE;
  const command = commandName(order);
  if (!isAtLeast(as, COMMAND_ROLE)) return `${command} needs the role ${COMMAND_ROLE}, and it was asked for as ${as}`;
  if (permittedTo(as, rules).some((permitted) => includes(permitted, command))) return null;
  return `${command} asked on another node as ${as} is not carried out here (remoteCommands)`;
}

function permittedTo(role: Role, rules: RemoteCommandRules): readonly Permitted[] {
  if (typeof rules === 'boolean' || !('operator' in rules)) return [rules];
  return isAtLeast(role, 'admin') ? [rules.operator, rules.admin] : [rules.operator];
}

function includes(permitted: Permitted, command: RemoteCommandName): boolean {
  return typeof permitted === 'boolean' ? permitted : permitted.includes(command);
}
