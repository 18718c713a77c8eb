import { z } from 'zod';
import type { ClusterStatus, ServiceStatus } from '../cluster/index.js';
import { COMMANDS, FAILURE_CODES, type ServiceCommand } from '../tables/index.js';
import type { ProcessStatus, StatusDocument } from './status-document.js';

const routerId = z.string().describe('A router ID, as a dotted quad.');

const replica = z.object({
  routerId,
  config: z.string().describe("The config state; of another node's replica only what is flooded: `active`."),
  state: z.string().describe('The run state.'),
  preference: z.number(),
  claim: z.number(),
  pinned: z.boolean(),
  standby: z.boolean(),
  joining: z.boolean(),
  failure: z.object({ code: z.enum(FAILURE_CODES), reason: z.string() }).nullable(),
  lsaId: z.string().nullable().describe('Link state ID; null while nothing is flooded.'),
  checkStamp: z.number().describe('Unix seconds of the last check; 0: never.'),
  reachable: z.boolean(),
  waitsFor: z.string().nullable().describe('In words; null: for nothing.'),
  notCounted: z.string().nullable().describe('Why it is no candidate, in words; null: it counts.'),
  impossible: z
    .partialRecord(z.enum(Object.keys(COMMANDS.service) as ServiceCommand[]), z.string())
    .describe('The commands that would change nothing there now, each with the reason; what is absent can be tried.'),
});

export const serviceStatus: z.ZodType<ServiceStatus> = z.object({
  name: z.string(),
  kind: z.enum(['service', 'resource']),
  group: z.string(),
  addresses: z.array(z.string()).readonly(),
  owner: z.string().nullable().describe('Router ID of the replica that is started; null: none.'),
  elected: z.string().nullable().describe('Router ID of whom the election names.'),
  waitsForHolders: z
    .array(z.string())
    .readonly()
    .describe(
      'Router IDs of nodes that may still use the resource and cannot say so: `confirm-stopped` ends the waiting.',
    ),
  replicas: z.array(replica).readonly(),
});

/** The status without the services. */
const head = {
  node: z.object({
    routerId: routerId.nullable(),
    name: z.string(),
    phase: z.enum(['isolated', 'joining', 'member', 'alone']),
    standby: z.boolean(),
  }),
  ospf: z.object({ connected: z.boolean(), ready: z.boolean(), fullNeighbours: z.number() }),
  mixedVersions: z.string().optional().describe('That nodes of several versions are together; absent: they are not.'),
  nodes: z
    .array(
      z.object({
        routerId,
        name: z.string(),
        reachable: z.boolean(),
        web: z.string().nullable().describe('`address:port` of its web server; null: none.'),
        webDoubt: z
          .string()
          .nullable()
          .describe('Why `web` is not to be followed: nothing confirms that it is of this node. null: something does.'),
        standby: z.boolean(),
        whyNoCommands: z.string().optional().describe('Why it can be given no command; absent: it can.'),
        dropped: z
          .number()
          .optional()
          .describe(
            'Announcements of it that were dropped, because they are more than is kept of one node (docs/limits.md).',
          ),
      }),
    )
    .readonly(),
} satisfies Record<Exclude<keyof ClusterStatus, 'services'>, z.ZodType>;

const REFUSALS = ['unsigned', 'unknown-key', 'wrong-proof', 'earlier-life', 'late-command'] as const;

const processStatus: z.ZodType<ProcessStatus> = z.object({
  version: z.string(),
  pid: z.number(),
  uptimeSeconds: z.number(),
  eventLoopDelayMs: z.number().describe('The worst, in the present or the last full minute.'),
  floodsLimited: z.object({
    held: z.array(z.string()).readonly().describe('The services of which a change waits for its turn.'),
    mergedLastMinute: z.number().describe('Changes that were not flooded, since newer ones took their place.'),
  }),
  lsdbComparisons: z.object({
    done: z.number().describe("How often the copy of the LSDB was compared with ospfd's, since the start."),
    differed: z.number().describe('How often it was another one; then it was put right.'),
  }),
  trust: z.object({
    mode: z.enum(['off', 'sign', 'require']),
    keyId: z.string().nullable().describe('The key that this node signs with; null: none.'),
    refused: z.number().describe('Announcements that are not proven, since the start.'),
    nodes: z
      .array(
        z.object({
          routerId,
          standing: z.enum([...REFUSALS, 'proven', 'asked']).describe('How its last announcement was.'),
          refused: z.number().describe('Announcements in its name that are not proven, since the start.'),
          lastRefusal: z.enum(REFUSALS).nullable(),
          lastRefusedAt: z.number().nullable().describe('Unix seconds.'),
        }),
      )
      .readonly(),
  }),
  duplicateRouterIds: z.array(z.string()).readonly().describe('Router IDs that two routers use.'),
  ending: z
    .array(z.string())
    .readonly()
    .nullable()
    .describe('The services that a shutdown still waits for; null: it is not ending.'),
  problems: z
    .array(z.string())
    .readonly()
    .describe("What is wrong with the node's definitions, or with its state directory, a sentence each."),
});

export const statusDocument: z.ZodType<StatusDocument> = z.object({
  ...head,
  services: z.array(serviceStatus).readonly(),
  process: processStatus,
});
