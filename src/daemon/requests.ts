import type { CommandEvent, Event } from '../cluster/index.js';
import type { CommandReply } from '../http/index.js';
import type { ServiceDefinition } from '../model/index.js';
import { commandRow, type Order } from '../tables/index.js';

/** Commands that wait for their answer at the same time. More are refused: somebody is flooding us. */
export const MAX_PENDING_COMMANDS = 256;

/** How long an answer may take: a command to another node is valid for 10 s, and its outcome needs time to return. */
export const ANSWER_WITHIN_MS = 15_000;

interface Pending {
  readonly settle: (reply: CommandReply) => void;
  readonly limit: NodeJS.Timeout;
}

/** Turns commands into events and waits for the core's `reply`, for a bounded time. */
export class Requests {
  readonly #pending = new Map<string, Pending>();
  readonly #emit: (event: Event) => void;
  readonly #definition: (service: string) => ServiceDefinition | undefined;
  #last = 0;
  #closedBecause: string | null = null;

  constructor(emit: (event: Event) => void, definition: (service: string) => ServiceDefinition | undefined) {
    this.#emit = emit;
    this.#definition = definition;
  }

  ask(command: Omit<CommandEvent, 'type' | 'request'>): Promise<CommandReply> {
    if (this.#closedBecause !== null) return Promise.resolve({ outcome: 'unavailable', text: this.#closedBecause });
    if (this.#pending.size >= MAX_PENDING_COMMANDS) {
      return Promise.resolve({
        outcome: 'busy',
        text: `${MAX_PENDING_COMMANDS} commands wait for their answer already; try again later`,
      });
    }
    this.#last += 1;
    const request = String(this.#last);
    const withinMs = answerWithinMs(command.order, this.#definition);
    return new Promise((settle) => {
      const limit = setTimeout(() => this.#settle(request, noAnswer(withinMs)), withinMs);
      this.#pending.set(request, { settle, limit });
      this.#emit({ ...command, type: 'command', request });
    });
  }

  /** An answer to a request that is no longer waited for is dropped. */
  answer(request: string, ok: boolean, text: string): void {
    this.#settle(request, { outcome: ok ? 'done' : 'refused', text });
  }

  /** Answers all that wait, and all that come later, with this sentence. */
  close(because: string): void {
    this.#closedBecause = because;
    for (const request of [...this.#pending.keys()]) this.#settle(request, { outcome: 'unavailable', text: because });
  }

  #settle(request: string, reply: CommandReply): void {
    const pending = this.#pending.get(request);
    if (pending === undefined) return;
    this.#pending.delete(request);
    clearTimeout(pending.limit);
    pending.settle(reply);
  }
}

/** The commands that are answered when their primitive has ended get its time limit on top. */
function answerWithinMs(order: Order, definitionOf: (service: string) => ServiceDefinition | undefined): number {
  const primitive = commandRow(order).answersAfter;
  const definition = order.of === 'service' ? definitionOf(order.service) : undefined;
  if (primitive === undefined || definition === undefined) return ANSWER_WITHIN_MS;
  return ANSWER_WITHIN_MS + (primitive === 'check' ? definition.check.timeoutMs : definition.timeoutsMs[primitive]);
}

function noAnswer(withinMs: number): CommandReply {
  const seconds = Math.round(withinMs / 1000);
  return {
    outcome: 'no-answer',
    text: `no answer within ${seconds} s; the command may still be carried out, see \`srrctl status\``,
  };
}
