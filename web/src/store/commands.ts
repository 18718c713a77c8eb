import { signal } from '@preact/signals';
import { wordsOf } from '../api/client.js';

/** A command that was given in this browser. Times in milliseconds since 1970. */
export interface GivenCommand {
  readonly id: number;
  /** "move WEB to beta". */
  readonly what: string;
  /** What it is about, so that the row can show it: `WEB@10.0.0.2`, or a node's router ID. */
  readonly subject: string;
  readonly state: 'under way' | 'done' | 'refused';
  /** The node's own words. */
  readonly answer: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

export const given = signal<readonly GivenCommand[]>([]);

/** A good answer has been read after this time; one that refuses stays until it is dismissed. */
const SHOWN_MS = 8_000;
const KEPT = 6;

let lastId = 0;

/**
 * Gives a command and keeps account of it. Nothing is shown as done before the node said so. Returns what the node answered;
 * undefined: it refused, and the notice says why.
 */
export async function giveCommand<T>(
  what: string,
  subject: string,
  ask: () => Promise<T>,
  words: (answer: T) => string,
): Promise<T | undefined> {
  lastId += 1;
  const id = lastId;
  const begun: GivenCommand = {
    id,
    what,
    subject,
    state: 'under way',
    answer: null,
    startedAt: Date.now(),
    endedAt: null,
  };
  given.value = [begun, ...given.value].slice(0, KEPT);
  try {
    const answer = await ask();
    end(id, 'done', words(answer));
    setTimeout(() => dismiss(id), SHOWN_MS);
    return answer;
  } catch (error) {
    end(id, 'refused', wordsOf(error));
    return undefined;
  }
}

export function dismiss(id: number): void {
  given.value = given.value.filter((command) => command.id !== id);
}

export function isUnderWay(subject: string): GivenCommand | undefined {
  return given.value.find((command) => command.state === 'under way' && command.subject === subject);
}

function end(id: number, state: 'done' | 'refused', answer: string): void {
  given.value = given.value.map((command) =>
    command.id === id ? { ...command, state, answer, endedAt: Date.now() } : command,
  );
}
