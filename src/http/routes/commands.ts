import { z } from 'zod';
import { API_PREFIX, COMMANDS, type CommandRow } from '../../tables/index.js';
import type { Api } from '../api.js';
import type { CommandRequest, Control } from '../control.js';
import { answerReply, BadRequestError, errorAnswer } from '../errors.js';
import type { Identity } from '../identity.js';

const target = z.string().min(1).max(255).nullish().describe('Router ID or name of a node; without it: this node.');

const name = z.string().min(1).max(255);
const placeBody = z.strictObject({ target, pin: z.boolean().optional() }).nullish();
const on = z
  .string()
  .min(1)
  .max(255)
  .optional()
  .describe(
    'With `confirm-stopped`: router ID or name of the node whose daemon is dead, or which cannot be reached. You have made sure that the resource does not run there any more; other nodes may start it at once.',
  );
const serviceBody = z.strictObject({ target, pin: z.boolean().optional(), on }).nullish();

const answers = {
  200: z.object({ text: z.string().describe('One sentence; of `status` what the primitive printed.') }),
  400: errorAnswer,
  409: errorAnswer,
  503: errorAnswer,
  504: errorAnswer,
};

/** Commands to services, groups and nodes. */
export function registerCommandRoutes(api: Api, control: Pick<Control, 'command'>): void {
  const config = { role: 'operator' } as const;
  api.post(
    `${API_PREFIX}/services/:name/:command`,
    {
      config,
      schema: {
        summary: 'Command a service, on this node or another one',
        params: z.object({ name, command: z.enum(keysOf(COMMANDS.service)) }),
        body: serviceBody,
        response: answers,
      },
    },
    async ({ params, body, identity }, reply) => {
      const row: CommandRow = COMMANDS.service[params.command];
      const place = { ...checkPlace(params.command, row, body), ...checkHolder(params.command, row, body) };
      const order = { of: 'service', service: params.name, command: params.command } as const;
      return answerReply(reply, await control.command({ ...whoOf(identity), order, ...place }));
    },
  );
  api.post(
    `${API_PREFIX}/groups/:name/:command`,
    {
      config,
      schema: {
        summary: 'Command all services of a group, on this node or another one',
        params: z.object({ name, command: z.enum(keysOf(COMMANDS.group)) }),
        body: placeBody,
        response: answers,
      },
    },
    async ({ params, body, identity }, reply) => {
      const place = checkPlace(params.command, COMMANDS.group[params.command], body);
      const order = { of: 'group', group: params.name, command: params.command } as const;
      return answerReply(reply, await control.command({ ...whoOf(identity), order, ...place }));
    },
  );
  api.post(
    `${API_PREFIX}/node/:command`,
    {
      config,
      schema: {
        summary: 'Command a whole node, this one or another one',
        params: z.object({ command: z.enum(keysOf(COMMANDS.node)) }),
        body: z.strictObject({ target }).nullish(),
        response: answers,
      },
    },
    async ({ params: { command }, body, identity }, reply) => {
      const order = { of: 'node', command } as const;
      const place = { target: body?.target ?? null, pin: false };
      return answerReply(reply, await control.command({ ...whoOf(identity), order, ...place }));
    },
  );
}

function whoOf({ user, role }: Identity): Pick<CommandRequest, 'operator' | 'role'> {
  return { operator: user, role };
}

/** Where a command is to be carried out. Throws a BadRequestError where that does not go with the command. */
function checkPlace(
  command: string,
  row: CommandRow,
  body: z.output<typeof placeBody>,
): Pick<CommandRequest, 'target' | 'pin'> {
  const { target = null, pin = false } = body ?? {};
  if (row.node === 'needed' && target === null) {
    throw new BadRequestError(`${command} needs a node: give its router ID or its name`);
  }
  if (pin && !row.pin) {
    throw new BadRequestError(`pin goes with start and move only, not with ${command}`);
  }
  return { target, pin };
}

/** Of which node an operator has made sure. Throws a BadRequestError where that does not go with the command. */
function checkHolder(command: string, row: CommandRow, body: z.output<typeof serviceBody>): Pick<CommandRequest, 'on'> {
  const { target = null, on } = body ?? {};
  if (row.node !== 'holder') {
    if (on !== undefined) throw new BadRequestError(`on goes with confirm-stopped only, not with ${command}`);
    return {};
  }
  if (on === undefined) {
    throw new BadRequestError(`${command} needs the node on which the resource does not run any more: give it as on`);
  }
  if (target !== null) {
    throw new BadRequestError(`${command} takes no target: this node tells all others that have the resource`);
  }
  return { on };
}

function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): [Key, ...Key[]] {
  return Object.keys(table) as [Key, ...Key[]];
}
