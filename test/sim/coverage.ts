import type { Effect, Event } from '../../src/cluster/index.js';
import { commandName, FAILURE_CODES } from '../../src/tables/index.js';

/** How often something was exercised, by name. */
export type Counts = Map<string, number>;

/** What a run has exercised: plain data, so that workers can send it. */
export class Coverage {
  readonly transitions: Counts = new Map();
  readonly events: Counts = new Map();
  readonly effects: Counts = new Map();
  readonly failures: Counts = new Map();
  readonly reports: Counts = new Map();
  /** The functions of the core (rule-calls.ts). */
  readonly functions: Counts = new Map();
  readonly actions: Counts = new Map();
  readonly faultKinds: Counts = new Map();
  /** How often each promise was put to the test (promises/). */
  readonly promises: Counts = new Map();

  handled(event: Event, effects: readonly Effect[]): void {
    add(this.events, eventName(event));
    for (const effect of effects) {
      add(this.effects, effectName(effect));
      if (
        effect.type === 'announce' &&
        effect.announcement.kind === 'service' &&
        effect.announcement.failure !== null
      ) {
        add(this.failures, effect.announcement.failure.code);
      }
      if (effect.type === 'report') this.#reported(effect.text);
      if (effect.type === 'reply') add(this.reports, `reply ${effect.ok ? 'done' : 'refused'}: ${shape(effect.text)}`);
    }
  }

  merge(other: Coverage): void {
    for (const name of TABLES) for (const [key, count] of other[name]) add(this[name], key, count);
  }

  #reported(text: string): void {
    const match = TRANSITION.exec(text);
    if (match === null) return add(this.reports, shape(text));
    add(this.transitions, match[1] ?? '');
    const code = match[2]?.split(':', 1)[0] ?? '';
    // `failed/stopped` is not flooded.
    if (match[1]?.endsWith('failed/stopped') && FAILURES.has(code)) add(this.failures, code);
    if (match[2] !== undefined) add(this.reports, `${match[1]}: ${shape(match[2])}`);
  }
}

export const TABLES = [
  'transitions',
  'failures',
  'events',
  'effects',
  'actions',
  'faultKinds',
  'promises',
  'reports',
  'functions',
] as const;

const FAILURES: ReadonlySet<string> = new Set(FAILURE_CODES);
const TRANSITION = /^([a-z]+\/[a-z]+ -> [a-z]+\/[a-z]+)(?:: (.*))?$/s;

export function add(counts: Counts, name: string, by = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}

function eventName(event: Event): string {
  switch (event.type) {
    case 'announcement':
      return `announcement ${event.announcement.kind}`;
    case 'withdrawal':
      return `withdrawal ${event.subject.kind}`;
    case 'primitive-ended':
      return `primitive-ended ${event.primitive} ${event.outcome.result}`;
    case 'timer':
      return `timer ${event.timer.kind}`;
    case 'command':
      return `command ${commandName(event.order)}`;
    default:
      return event.type;
  }
}

function effectName(effect: Effect): string {
  switch (effect.type) {
    case 'announce':
      return `announce ${effect.announcement.kind} ${effect.urgency}`;
    case 'run':
      return `run ${effect.primitive}`;
    case 'withdraw':
      return `withdraw ${effect.subject.kind}`;
    default:
      return effect.type;
  }
}

/** A text without what varies: addresses, names, numbers. */
function shape(text: string): string {
  return text
    .replace(/\d+\.\d+\.\d+\.\d+/g, 'N')
    .replace(/\b[SG]\d+\b/g, 'X')
    .replace(/\b[A-G]( \(N\))?(?![a-z])/g, 'N')
    .replace(/\d+(\.\d+)?/g, '#')
    .replace(/\n/g, ' ');
}
