import { z } from 'zod';
import { API_PREFIX, ROLES } from '../../tables/index.js';
import type { Api } from '../api.js';
import type { Awaitable } from '../awaitable.js';

export interface SessionPort {
  readonly version: string;
  node(): Awaitable<{ readonly routerId: string | null; readonly name: string }>;
}

const session = z.object({
  user: z.string().describe("The certificate's subject, or `local`, or `loopback`."),
  role: z.enum(ROLES),
  via: z.enum(['socket', 'certificate', 'loopback']),
  node: z.object({ routerId: z.string().nullable(), name: z.string() }),
  version: z.string(),
  readOnly: z.boolean().describe('Nobody may change anything here: there is no TLS.'),
});

export type SessionDocument = z.output<typeof session>;

/** Who the asker is to this node. */
export function registerSessionRoutes(api: Api, port: SessionPort): void {
  api.get(
    `${API_PREFIX}/session`,
    {
      config: { role: 'viewer' },
      schema: { summary: 'Who you are to this node, and what you may do', response: { 200: session } },
    },
    async ({ identity: { user, role, via } }) => {
      const { routerId, name } = await port.node();
      const readOnly = via === 'loopback';
      return { user, role: role ?? 'viewer', via, node: { routerId, name }, version: port.version, readOnly };
    },
  );
}
