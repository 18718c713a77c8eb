import { z } from 'zod';
import type { DoctorReport } from '../../doctor/index.js';
import { API_PREFIX } from '../../tables/index.js';
import type { Api } from '../api.js';
import type { Awaitable } from '../awaitable.js';
import { errorAnswer, refuse } from '../errors.js';

export interface NodePort {
  /** Begins to stop and withdraw everything; the daemon then ends. false: it has begun already. */
  shutDown(by: string): Awaitable<boolean>;
  /** Rejects with a sentence if the doctor cannot be asked. */
  doctor(): Promise<DoctorReport>;
}

const report: z.ZodType<DoctorReport> = z.object({
  level: z.enum(['broken', 'change', 'fine']).describe('The worst of the findings.'),
  findings: z
    .array(
      z.object({
        check: z.string(),
        level: z.enum(['broken', 'change', 'fine']),
        text: z.string(),
        remedies: z.array(z.object({ where: z.string(), lines: z.array(z.string()).readonly() })).readonly(),
      }),
    )
    .readonly(),
});

/** This node's own matters. */
export function registerNodeRoutes(api: Api, port: NodePort): void {
  api.post(
    `${API_PREFIX}/node/shutdown`,
    {
      config: { role: 'admin' },
      schema: {
        summary: 'Stop and withdraw everything on this node, and end the daemon',
        description: 'Answered at once. `ending` in /status and in the stream says what is still waited for.',
        body: z.strictObject({}).nullish(),
        response: { 202: z.object({ text: z.string() }), 409: errorAnswer },
      },
    },
    async ({ identity }, reply) => {
      if (!(await port.shutDown(identity.user))) return refuse(reply, 'ending', 'srrd is ending already');
      return reply.code(202).send({ text: 'stopping and withdrawing everything; srrd then ends' });
    },
  );
  api.get(
    `${API_PREFIX}/doctor`,
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'What is wrong with this node, and what to change; nothing is changed',
        description: 'Takes a few seconds. Whoever asks meanwhile gets the same report.',
        response: { 200: report, 503: errorAnswer },
      },
    },
    async (_request, reply) => {
      try {
        return await port.doctor();
      } catch (error) {
        return refuse(reply, 'unavailable', error instanceof Error ? error.message : String(error));
      }
    },
  );
}
