import { z } from 'zod';
import type { Permitted } from '../model/index.js';
import { COMMAND_NUMBERS, type RemoteCommandName } from '../tables/index.js';

const NAMES = Object.keys(COMMAND_NUMBERS) as RemoteCommandName[];

const EXPECTED = `expected true, false, a list of commands, or a section with keys of operator, admin; commands are ${NAMES.join(', ')}`;

/** `remoteCommands`: one for all, or one for each role; what a section leaves out is not carried out. */
export const remoteCommandsSection = z
  .unknown()
  .default(true)
  .transform((value, context) => {
    if (isPermitted(value)) return value;
    if (isSection(value)) return { operator: value.operator ?? false, admin: value.admin ?? false };
    context.addIssue({ code: 'custom', message: EXPECTED, input: value });
    return z.NEVER;
  });

function isPermitted(value: unknown): value is Permitted {
  return typeof value === 'boolean' || (Array.isArray(value) && value.every((name) => NAMES.includes(name)));
}

function isSection(value: unknown): value is Partial<Record<'operator' | 'admin', Permitted>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const rules = Object.entries(value);
  return rules.length > 0 && rules.every(([role, rule]) => ['operator', 'admin'].includes(role) && isPermitted(rule));
}
