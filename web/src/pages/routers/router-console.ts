import { signal } from '@preact/signals';
import { post, wordsOf } from '../../api/client.js';
import type { CommandsAnswer, Completion, ConsoleDaemon } from '../../api/types.js';

/** What was run in a daemon from this browser, and what it said. */
export interface Exchange {
  readonly id: number;
  readonly daemon: ConsoleDaemon;
  readonly commands: readonly string[];
  readonly state: 'under way' | 'done' | 'refused';
  readonly output: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly tookMs: number | null;
}

/** The newest first. */
export const exchanges = signal<readonly Exchange[]>([]);

const KEPT = 20;
let lastId = 0;

/** Runs commands in one session. Returns whether the daemon did them all. */
export async function runCommands(
  daemon: ConsoleDaemon,
  commands: readonly string[],
  confirm: boolean,
): Promise<boolean> {
  lastId += 1;
  const begun: Exchange = {
    id: lastId,
    daemon,
    commands,
    state: 'under way',
    output: '',
    at: Date.now(),
    tookMs: null,
  };
  exchanges.value = [begun, ...exchanges.value].slice(0, KEPT);
  try {
    const answer = await post<CommandsAnswer>(`/routers/${daemon}/commands`, {
      commands,
      ...(confirm ? { confirm } : {}),
    });
    end(begun, answer.refused ? 'refused' : 'done', outputOf(answer, commands));
    return !answer.refused;
  } catch (error) {
    end(begun, 'refused', wordsOf(error));
    return false;
  }
}

export function forget(daemon: ConsoleDaemon): void {
  exchanges.value = exchanges.value.filter((exchange) => exchange.daemon !== daemon);
}

function end(begun: Exchange, state: 'done' | 'refused', output: string): void {
  const ended = { ...begun, state, output, tookMs: Date.now() - begun.at };
  exchanges.value = exchanges.value.map((exchange) => (exchange.id === begun.id ? ended : exchange));
}

/** Of several commands each is written above what it said. */
function outputOf({ answers, output, refused }: CommandsAnswer, commands: readonly string[]): string {
  if (commands.length === 1) return output;
  const said = answers.map((answer) => `# ${answer.command}\n${answer.output}`).join('');
  const left = commands.length - answers.length;
  return refused && left > 0 ? `${said}\n${left} more were not run.\n` : said;
}

export async function completions(
  daemon: ConsoleDaemon,
  line: string,
  configuring: boolean,
): Promise<readonly Completion[]> {
  const body = { line, ...(configuring ? { configuring } : {}) };
  return (await post<{ completions: readonly Completion[] }>(`/routers/${daemon}/completions`, body)).completions;
}
