import { z } from 'zod';
import { parseEvent } from '../../events/index.js';
import { Availability, FAILOVER_CAUSES, type ServiceAvailability } from '../../history/index.js';
import { API_PREFIX } from '../../tables/index.js';
import type { Api } from '../api.js';
import type { Control } from '../control.js';
import { errorAnswer } from '../errors.js';
import type { StatusDocument } from '../status-document.js';
import type { EventsPort } from './events.js';

const DAY_HOURS = 24;
const HOUR_MS = 3_600_000;
/** 30 days. */
const MOST_HOURS = 30 * DAY_HOURS;

const span = z.object({
  from: z.string().describe('ISO 8601.'),
  until: z.string(),
  owner: z.string().nullable().describe('Router ID; `null`: nobody had it, or nobody knows.'),
  cause: z
    .enum([...FAILOVER_CAUSES, 'unknown'])
    .nullable()
    .describe('Why nobody had it. `unknown`: srrd did not run here, or was isolated.'),
  text: z.string().describe('What the event said with which it began.'),
});

const availability = z.object({
  since: z.string(),
  until: z.string(),
  services: z.array(
    z.object({
      service: z.string(),
      share: z.number().nullable().describe('Of what is known, without what operators took away; between 0 and 1.'),
      spans: z.array(span),
    }),
  ),
});

export type AvailabilityDocument = z.infer<typeof availability>;

const query = z.strictObject({
  hours: z.coerce.number().int().min(1).max(MOST_HOURS).default(DAY_HOURS).describe('So far back.'),
});

/** Who had each service when. Those who ask at the same time are answered from one reading of all events that are kept. */
export function registerAvailabilityRoutes(
  api: Api,
  { events, control }: { readonly events: EventsPort; readonly control: Pick<Control, 'status'> },
): void {
  let reading: Promise<(hours: number) => AvailabilityDocument> | undefined;
  const read = async () => {
    const kept = new Availability();
    for await (const lines of events.lines({})) {
      for (const line of lines.split('\n')) {
        const event = parseEvent(line);
        if (event !== undefined) kept.heard(event);
      }
    }
    const status = JSON.parse(await control.status()) as StatusDocument;
    const present = new Map(status.services.map(({ name, owner }) => [name, owner]));
    return (hours: number) => availabilityDocument(kept, present, hours);
  };
  api.get(
    `${API_PREFIX}/availability`,
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Who had each service when, as this node heard it',
        querystring: query,
        response: { 200: availability, 400: errorAnswer },
      },
    },
    async ({ query: { hours } }) => {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return (await reading)(hours);
    },
  );
}

/** Of the last `hours`; `present`: who has each service now. */
export function availabilityDocument(
  kept: Availability,
  present: ReadonlyMap<string, string | null>,
  hours: number,
): AvailabilityDocument {
  const untilMs = Date.now();
  const fromMs = untilMs - hours * HOUR_MS;
  const services = kept.of({ fromMs, untilMs }, present).map(asDocument);
  return { since: isoTime(fromMs), until: isoTime(untilMs), services };
}

function asDocument({ service, share, spans }: ServiceAvailability): AvailabilityDocument['services'][number] {
  return {
    service,
    share,
    spans: spans.map(({ fromMs, untilMs, ...rest }) => ({ from: isoTime(fromMs), until: isoTime(untilMs), ...rest })),
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
