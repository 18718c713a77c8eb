import { z } from 'zod';
import type { BfdPeer, FrrVersion, Neighbour, OspfInstance, OspfInterface } from '../facts.js';

/** Reads `show version`. Throws an Error for text that is not its answer. */
export function readVersion(text: string): FrrVersion {
  const [, version, major, minor] = /^FRRouting ((\d+)\.(\d+)\S*)/m.exec(text) ?? [];
  if (version === undefined) throw new Error(`expected "FRRouting VERSION", got ${quote(text)}`);
  return { text: version, major: Number(major), minor: Number(minor) };
}

const instanceSchema = z.object({
  routerId: z.string(),
  opaqueCapable: z.boolean().default(false),
  spfScheduleDelayMsecs: z.number(),
  holdtimeMinMsecs: z.number(),
  holdtimeMaxMsecs: z.number(),
  lsaMinIntervalMsecs: z.number(),
  lsaMinArrivalMsecs: z.number(),
});

/** What ospfd says without `router ospf` to some questions: 10.3 and 8.4. To others it answers with nothing, or with `{}`. */
export const NO_OSPF = /^% OSPF (?:instance not found|is not enabled)/i;

/** Reads `show ip ospf json`. Null without `router ospf`. Throws an Error for text that is not its answer. */
export function readInstance(text: string): OspfInstance | null {
  if (saysNoOspf(text)) return null;
  const read = check(instanceSchema, parseJson(text));
  return {
    routerId: read.routerId,
    opaqueCapable: read.opaqueCapable,
    spfDelayMs: read.spfScheduleDelayMsecs,
    spfHoldMs: read.holdtimeMinMsecs,
    spfMaxHoldMs: read.holdtimeMaxMsecs,
    lsaThrottleMs: read.lsaMinIntervalMsecs,
    lsaMinArrivalMs: read.lsaMinArrivalMsecs,
  };
}

const interfaceSchema = z.object({
  ospfEnabled: z.boolean().default(false),
  ifUp: z.boolean().default(false),
  networkType: z.string().default(''),
  area: z.string().default(''),
  state: z.string().default(''),
  priority: z.number().default(0),
  drId: z.string().optional(),
  mtuBytes: z.number().default(0),
  /** Seconds; absent with sub-second Hellos in some versions. */
  timerDeadSecs: z.number().optional(),
  timerDeadMsecs: z.number().optional(),
  timerPassiveIface: z.boolean().optional(),
  nbrCount: z.number().default(0),
});

/** Reads `show ip ospf interface json`; no OSPF, no interfaces. Throws an Error for text that is not its answer. */
export function readInterfaces(text: string): readonly OspfInterface[] {
  if (saysNoOspf(text)) return [];
  const { interfaces } = check(
    z.object({ interfaces: z.record(z.string(), interfaceSchema).default({}) }),
    parseJson(text),
  );
  return Object.entries(interfaces)
    .filter(([, one]) => one.ospfEnabled && one.ifUp && one.networkType !== 'LOOPBACK')
    .map(([name, one]) => ({
      name,
      area: one.area.split(' ')[0] ?? '',
      networkType: one.networkType,
      state: one.state,
      priority: one.priority,
      hasDr: one.drId !== undefined && one.drId !== '0.0.0.0',
      mtu: one.mtuBytes,
      deadMs: one.timerDeadMsecs ?? (one.timerDeadSecs ?? 0) * 1000,
      neighbours: one.nbrCount,
      passive: one.timerPassiveIface ?? false,
    }));
}

const neighbourSchema = z.object({
  ifaceAddress: z.string(),
  ifaceName: z.string(),
  nbrState: z.string(),
  lastPrgrsvChangeMsec: z.number().optional(),
  peerBfdInfo: z.object({ status: z.string().default('Unknown') }).optional(),
});

/** Reads `show ip ospf neighbor detail json`; no OSPF, no neighbours. Throws an Error for text that is not its answer. */
export function readNeighbours(text: string): readonly Neighbour[] {
  if (saysNoOspf(text)) return [];
  const byRouterId = z.record(z.string(), z.array(neighbourSchema)).default({});
  const { neighbors } = check(z.object({ neighbors: byRouterId }), parseJson(text));
  return Object.entries(neighbors).flatMap(([routerId, list]) =>
    list.map((one) => ({
      routerId,
      address: one.ifaceAddress,
      interface: one.ifaceName,
      // `Full/DR`: 8.4 cuts the second word short.
      state: one.nbrState.split('/')[0] ?? '',
      sinceMs: one.lastPrgrsvChangeMsec ?? null,
      bfd: one.peerBfdInfo?.status ?? null,
    })),
  );
}

const bfdSchema = z.object({
  peer: z.string(),
  status: z.string(),
  'receive-interval': z.number(),
  'transmit-interval': z.number(),
  'detect-multiplier': z.number(),
  'remote-receive-interval': z.number().default(0),
  'remote-transmit-interval': z.number().default(0),
  'remote-detect-multiplier': z.number().default(0),
});

/** Reads bfdd's `show bfd peers json`. Throws an Error for text that is not its answer. */
export function readBfdPeers(text: string): readonly BfdPeer[] {
  return check(z.array(bfdSchema), parseJson(text)).map((one) => ({
    address: one.peer,
    up: one.status === 'up',
    detectionMs: Math.max(
      one['remote-detect-multiplier'] * Math.max(one['receive-interval'], one['remote-transmit-interval']),
      one['detect-multiplier'] * Math.max(one['transmit-interval'], one['remote-receive-interval']),
    ),
  }));
}

function saysNoOspf(text: string): boolean {
  const words = text.trim();
  return words === '' || /^{\s*}$/.test(words) || NO_OSPF.test(words);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`expected JSON, got ${quote(text)}`);
  }
}

function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`${issue?.path.join('.') || 'the answer'}: ${issue?.message ?? 'not understood'}`);
}

function quote(text: string): string {
  return JSON.stringify(text.trim().slice(0, 80));
}
