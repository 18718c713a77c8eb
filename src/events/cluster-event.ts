import { z } from 'zod';
import { formatRouterId, HAPPENING_KINDS, type Happening } from '../model/index.js';

export const EVENT_KINDS = HAPPENING_KINDS;

/** An entry of the list of events. */
export type ClusterEvent = z.infer<typeof clusterEventSchema>;

export const clusterEventSchema = z.object({
  seq: z.int().min(1).describe("This node's own numbering, growing by one; it goes on after a restart."),
  at: z.string().describe("ISO 8601 with milliseconds, by this node's clock."),
  node: z.string().describe('Router ID of the node where it happened; empty: this one, before ospfd has told it.'),
  kind: z.enum(EVENT_KINDS),
  service: z.string().nullable(),
  from: z.string().nullable().describe('Such as `active/stopped`.'),
  to: z.string().nullable(),
  operator: z.string().nullable().describe('Who wanted it.'),
  text: z.string().describe('One sentence, which does not repeat service and node.'),
});

/** Nothing from outside may make a line of the log arbitrarily long. */
const MAX_TEXT_CHARACTERS = 2000;

/** `at`: Unix milliseconds. */
export function clusterEvent(seq: number, at: number, { node, text, ...rest }: Happening): ClusterEvent {
  const { kind, service, from, to, operator } = rest;
  return {
    seq,
    at: new Date(at).toISOString(),
    node: node === null ? '' : formatRouterId(node),
    kind,
    service,
    from,
    to,
    operator,
    text: text.length > MAX_TEXT_CHARACTERS ? `${text.slice(0, MAX_TEXT_CHARACTERS)}…` : text,
  };
}

/** A line of a file; undefined: it was torn by a crash, or is no event. */
export function parseEvent(line: string): ClusterEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** As the schema says, but in a tenth of its time: there may be a hundred thousand lines. */
function isEvent(value: unknown): value is ClusterEvent {
  if (typeof value !== 'object' || value === null) return false;
  const event = value as Readonly<Record<keyof ClusterEvent, unknown>>;
  const isOptional = (part: unknown) => part === null || typeof part === 'string';
  return (
    Number.isSafeInteger(event.seq) &&
    typeof event.at === 'string' &&
    typeof event.node === 'string' &&
    EVENT_KINDS.some((kind) => kind === event.kind) &&
    isOptional(event.service) &&
    isOptional(event.from) &&
    isOptional(event.to) &&
    isOptional(event.operator) &&
    typeof event.text === 'string'
  );
}
