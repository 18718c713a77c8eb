import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import {
  type Asker,
  type Completion,
  type ConsoleDaemon,
  type ConsoleRun,
  commandKind,
  commandProblem,
  MAX_COMMAND_LENGTH,
} from '../../routing/index.js';
import { API_PREFIX } from '../../tables/index.js';
import type { Api } from '../api.js';
import { BadRequestError, errorAnswer, refuse } from '../errors.js';
import type { Identity } from '../identity.js';

/** What came of a request to a routing daemon; `text` is one sentence. */
export type RoutersReply<Result> =
  | { readonly outcome: 'done'; readonly result: Result }
  | { readonly outcome: 'busy' | 'unavailable'; readonly text: string };

/** The routing daemons' own command lines. */
export interface RoutersPort {
  /** The commands are plain lines. */
  run(daemon: ConsoleDaemon, commands: readonly string[], asker: Asker): Promise<RoutersReply<ConsoleRun>>;
  complete(
    daemon: ConsoleDaemon,
    question: CompletionQuestion,
    asker: Asker,
  ): Promise<RoutersReply<readonly Completion[]>>;
}

export interface CompletionQuestion {
  readonly line: string;
  /** Behind `configure terminal`. */
  readonly configuring: boolean;
}

const MOST_COMMANDS = 50;

const params = z.object({ daemon: z.enum(['zebra', 'mgmtd', 'ospfd']) satisfies z.ZodType<ConsoleDaemon> });
const line = z.string().max(MAX_COMMAND_LENGTH);

const commandsBody = z
  .strictObject({
    command: line.optional().describe('One line.'),
    commands: z
      .array(line)
      .min(1)
      .max(MOST_COMMANDS)
      .optional()
      .describe('Several lines, in one session: `configure terminal` and what follows it.'),
    confirm: z.boolean().optional().describe('Needed for what is not `show`, `list`, `find` or `who`.'),
  })
  .describe('`command` or `commands`');

const commandsAnswer = z.object({
  output: z.string().describe('Of all commands that were given, one after the other.'),
  refused: z.boolean().describe('FRR refused the last command that was given; those behind it were not.'),
  cut: z.boolean().describe('There was more than 1 MB.'),
  answers: z
    .array(z.object({ command: z.string(), output: z.string(), refused: z.boolean() }))
    .readonly()
    .describe('The same, one for each command that was given.'),
});

export type CommandsAnswer = z.output<typeof commandsAnswer>;

const completionsAnswer = z.object({
  completions: z
    .array(
      z.object({
        word: z.string(),
        help: z.string(),
        placeholder: z.boolean().describe('It stands for a value, or (`<cr>`) for the end of the line.'),
      }),
    )
    .readonly(),
});

const CUT = '\n… and more: what the routing daemon said is cut here, after 1 MB. Ask for less.\n';

/** The command lines of zebra, mgmtd and ospfd. */
export function registerRouterRoutes(api: Api, port: RoutersPort): void {
  // Who is no admin may look; what else is asked for is decided by the command.
  const config = { role: 'viewer' } as const;
  api.post(
    `${API_PREFIX}/routers/:daemon/commands`,
    {
      // The answer may hold passwords.
      config: { ...config, audit: 'no answer' },
      schema: {
        summary: 'Give commands to a routing daemon',
        description:
          'Everybody may give the `show` commands that docs/looking-glass.md lists, without a filter; admins any, with `| include WORDS`, which srrd does itself. What is not `show` also needs `confirm`.',
        params,
        body: commandsBody,
        response: { 200: commandsAnswer, 400: errorAnswer, 403: errorAnswer, 409: errorAnswer, 503: errorAnswer },
      },
    },
    async ({ params: { daemon }, body, identity }, reply) => {
      const commands = commandsOf(body);
      const kinds = commands.map(commandKind);
      const beyond = kinds.findIndex((kind) => kind !== 'show');
      if (beyond >= 0 && identity.role !== 'admin') {
        return refuse(reply, 'not-allowed', notAllowed(commands[beyond] ?? '', identity.user, identity.role));
      }
      const change = kinds.indexOf('change');
      if (change >= 0 && body.confirm !== true) {
        return refuse(reply, 'needs-confirmation', unconfirmed(commands[change] ?? ''));
      }
      return answer(reply, await port.run(daemon, commands, askerOf(identity)), runDocument);
    },
  );
  api.post(
    `${API_PREFIX}/routers/:daemon/completions`,
    {
      config: { ...config, audit: 'nothing' },
      schema: {
        summary: 'What may stand at the end of a command',
        params,
        body: z.strictObject({
          line,
          configuring: z.boolean().optional().describe('The line follows `configure terminal`.'),
        }),
        response: { 200: completionsAnswer, 400: errorAnswer, 503: errorAnswer },
      },
    },
    async ({ params: { daemon }, body, identity }, reply) => {
      const problem = body.line.trim() === '' ? undefined : commandProblem(body.line);
      if (problem !== undefined) throw new BadRequestError(problem);
      const asker = askerOf(identity);
      const configuring = asker.isAdmin && body.configuring === true;
      const found = await port.complete(daemon, { line: body.line, configuring }, asker);
      return answer(reply, found, (completions) => ({ completions }));
    },
  );
}

function askerOf({ user, role }: Identity): Asker {
  return { user, isAdmin: role === 'admin' };
}

function commandsOf({ command, commands }: z.output<typeof commandsBody>): string[] {
  if ((command === undefined) === (commands === undefined)) {
    throw new BadRequestError('expected either `command` or `commands`');
  }
  const lines = (commands ?? [command ?? '']).map((text) => text.trim());
  for (const text of lines) {
    const problem = commandProblem(text);
    if (problem !== undefined) throw new BadRequestError(problem);
  }
  return lines;
}

function runDocument({ answers, cut }: ConsoleRun): z.output<typeof commandsAnswer> {
  const output = answers.map((one) => one.output).join('');
  return { output: cut ? `${output}${CUT}` : output, refused: answers.at(-1)?.refused ?? false, cut, answers };
}

function notAllowed(command: string, user: string, role: string | null): string {
  const words = command.slice(0, 60);
  const why =
    commandKind(command) === 'show-to-admins'
      ? 'is not among the commands that viewers may give (docs/looking-glass.md)'
      : 'may change something';
  return `"${words}" ${why} and needs the role admin; ${user} is ${role ?? 'nobody'}`;
}

function unconfirmed(command: string): string {
  return `"${command.slice(0, 60)}" may change the routing of this node: send it again with \`confirm: true\` if that is meant`;
}

function answer<Result, Document>(
  reply: FastifyReply,
  result: RoutersReply<Result>,
  document: (result: Result) => Document,
): Document | FastifyReply {
  if (result.outcome === 'done') return document(result.result);
  return refuse(reply, result.outcome, result.text);
}
