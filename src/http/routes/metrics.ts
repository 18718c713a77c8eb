import type { Readings } from '../../metrics/index.js';
import type { Api } from '../api.js';
import type { Awaitable } from '../awaitable.js';
import type { Control } from '../control.js';
import { type Exposed, expose } from '../metrics/expose.js';
import type { StatusDocument } from '../status-document.js';
import type { PkiPort } from './pki.js';

export interface MetricsPort {
  /** What the daemon has counted. */
  readings(): Awaitable<Readings>;
}

export interface MetricsSources {
  readonly control: Pick<Control, 'status'>;
  readonly pki: Pick<PkiPort, 'describe'>;
  readonly metrics: MetricsPort;
}

/** What Prometheus asks for (docs/metrics.md). Whoever asks while an answer is made gets the same. */
export function registerMetricsRoutes(api: Api, { control, pki, metrics }: MetricsSources): void {
  let making: Promise<Exposed> | undefined;
  const make = async () => {
    const [status, readings, certificates] = await Promise.all([control.status(), metrics.readings(), pki.describe()]);
    return expose(JSON.parse(status) as StatusDocument, readings, certificates);
  };
  api.get('/metrics', { config: { role: 'viewer' } }, async (_request, reply) => {
    making ??= make().finally(() => {
      making = undefined;
    });
    const { contentType, text } = await making;
    return reply.type(contentType).serializer(String).send(text);
  });
}
