import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { TrialReport, TrialResult } from '../../trial/index.js';
import { type Context, described } from '../context.js';
import { EXIT, ExitError } from '../exit.js';
import { printable } from '../printable.js';
import { table } from '../table.js';

interface TryOptions {
  readonly json?: true;
  readonly definition?: string;
  readonly resource?: true;
  readonly variable: Readonly<Record<string, string>>;
  readonly seed?: string;
  readonly only?: string;
}

/** What a folder's own definition for its trial is called. */
const DEFINITION = 'try.yaml';

/** RFC 5737: for documentation, so nobody's; inside of the trial's own network there is nothing else. */
const WITHOUT_DEFINITION: Readonly<Record<string, unknown>> = { name: 'TRIAL', addresses: ['192.0.2.1'] };
const RESOURCE: Readonly<Record<string, unknown>> = { name: 'TRIAL', kind: 'resource', addresses: [] };

const HELP = `
Everything happens in namespaces of its own: a network with the service's addresses and nothing else, and processes that
all end with it. Its files are those of this machine: run it where the service may be started. It needs root.

FOLDER/${DEFINITION} is taken for the definition, if it is there; else an address is made up.

Exit codes: 0 all trials are passed, 1 one is failed, or they could not be begun.
`;

export function addServiceTry({ output }: Context, service: Command): void {
  const summary = "put a service's folder through what a crash or an operator may do to it (docs/service-try.md)";
  described(
    service.command('try'),
    summary,
    'srrctl service try services/nginx',
    'srrctl service try /etc/srrd/services/shop --definition shop.yaml --variable PORT=8080',
  )
    .argument('<folder>', 'holds the Makefile')
    .option('--definition <file>', `a definition of the service, instead of FOLDER/${DEFINITION}`)
    .option('--resource', 'without a definition: it is a resource, which has no address')
    .option('--variable <name=value>', 'a variable of the definition; may be repeated', variable, {})
    .option('--seed <number>', 'of the moments at which `start` is killed, as printed by an earlier run')
    .option('--only <names>', 'some trials, with those that they build on: killed,frozen')
    .addHelpText('after', HELP)
    .action(async (folder: string, options: TryOptions) => {
      // Not at the start of the file: they load what all other commands do without.
      const { isPassed, tryService } = await import('../../trial/index.js');
      // Ctrl-C must leave nothing behind either.
      const ended = new AbortController();
      const end = () => ended.abort();
      for (const signal of ENDED_BY) process.on(signal, end);
      const report = await tryService({
        folder,
        definition: await definitionFor(folder, options),
        seed: options.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : seedOf(options.seed),
        only: options.only?.split(',') ?? null,
        onResult: (result) => {
          if (!options.json) output.out(printable(lineOf(result)));
        },
        signal: ended.signal,
      }).finally(() => {
        for (const signal of ENDED_BY) process.off(signal, end);
      });
      output.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : printable(summaryOf(report)));
      if (!isPassed(report)) throw new ExitError(EXIT.refused);
    });
}

function variable(text: string, known: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [name, ...value] = text.split('=');
  if (name === undefined || name === '' || value.length === 0)
    throw new Error(`--variable: expected NAME=VALUE, got "${text}"`);
  return { ...known, [name]: value.join('=') };
}

function seedOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new Error(`--seed: expected a whole number, got "${text}"`);
  return Number(text);
}

async function definitionFor(folder: string, options: TryOptions): Promise<Readonly<Record<string, unknown>>> {
  const file = options.definition ?? join(folder, DEFINITION);
  const madeUp = options.resource ? RESOURCE : WITHOUT_DEFINITION;
  const written = options.definition !== undefined || existsSync(file) ? await read(file) : madeUp;
  const variables = written.variables as Record<string, string> | undefined;
  return { ...written, variables: { ...variables, ...options.variable } };
}

/** What is wrong with its keys is found where all definitions are read. */
async function read(file: string): Promise<Readonly<Record<string, unknown>>> {
  const { DEFINITION_LIMITS, parseYaml, readText } = await import('../../config/index.js');
  const { value } = parseYaml(file, readText(file, DEFINITION_LIMITS), DEFINITION_LIMITS);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${file}: expected a definition, such as \`name: WEB\``);
  return value as Readonly<Record<string, unknown>>;
}

const ENDED_BY = ['SIGINT', 'SIGTERM'] as const;

const VERDICTS = { passed: 'passed', failed: 'FAILED', 'not-tried': '-' } as const;
const TITLE_WIDTH = 47;

function lineOf({ verdict, title, text, advice }: TrialResult): string {
  const lines = [`${VERDICTS[verdict].padEnd(6)}  ${title.padEnd(TITLE_WIDTH)}  ${text}`];
  if (advice !== null) lines.push(`${' '.repeat(8)}${advice}`);
  return `${lines.join('\n')}\n`;
}

function summaryOf({ results, times, writtenOutside, seed }: TrialReport): string {
  const rows = times.map(({ target, calls, medianMs, longestMs }) => [
    target,
    String(calls),
    `${medianMs.toFixed(0)} ms`,
    `${longestMs.toFixed(0)} ms`,
  ]);
  const count = (verdict: TrialResult['verdict']) => results.filter((result) => result.verdict === verdict).length;
  const written =
    writtenOutside.length === 0
      ? []
      : [
          'Written meanwhile outside of SRRD_STATE_DIR, by the service or by others:',
          ...writtenOutside.map((path) => `  ${path}`),
          '',
        ];
  return [
    '',
    table([['TARGET', 'CALLS', 'MEDIAN', 'LONGEST'], ...rows]),
    '',
    ...written,
    `${count('passed')} passed, ${count('failed')} failed, ${count('not-tried')} not tried (seed ${seed})`,
    '',
  ].join('\n');
}
