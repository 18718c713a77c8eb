import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHECKOUT } from './checkout.js';

export interface ProbeOptions {
  /** `udp` (default): numbered datagrams, answered by Host.answerAt. `http`: a page over a new connection each time. */
  readonly kind?: 'udp' | 'http';
  /** How often per second. Default 1000 for udp, 50 for http. */
  readonly hz?: number;
  /** Default 7007 for udp, 80 for http. */
  readonly port?: number;
  /** For http; default `/`. */
  readonly path?: string;
  /** For http: a regular expression whose first group is the sender's name. Default: the X-Node header, or the page's first word. */
  readonly sender?: string;
  /** For http: when a request is given up, in the probe's own time (test/lab/probe/tick.mjs), default 1000. */
  readonly timeoutMs?: number;
}

/** One question and what became of it. Times are nanoseconds of process.hrtime, the same clock in all processes. */
export interface Reply {
  readonly sequence: number;
  readonly sentAt: bigint;
  /** null: no answer. */
  readonly receivedAt: bigint | null;
  /** The name of the host that answered. */
  readonly sender: string | null;
  /** For http: why there was no page (`ECONNREFUSED`, `timeout`, … as test/lab/probe/http.mjs says). */
  readonly failure: string | null;
  /** When that was known. */
  readonly failedAt: bigint | null;
}

/** The probe itself was not allowed to run. */
export interface Standstill {
  readonly from: bigint;
  readonly to: bigint;
}

/** A run of unanswered questions. */
export interface Outage {
  /** When the first of them was asked. */
  readonly from: bigint;
  /** When the answer to the first answered question after them arrived; null: there was none. */
  readonly to: bigint | null;
  /** `to - from`; Infinity if nothing was answered afterwards. */
  readonly durationMs: number;
  readonly lost: number;
  readonly senderBefore: string | null;
  readonly senderAfter: string | null;
}

export interface Probe {
  /** The raw data, in the format that test/lab/probe/udp.mjs describes. */
  readonly file: string;
  /** Everything so far, in the order asked. The last few are still on their way. */
  replies(): Reply[];
  /** How long that answer took, in ms, less the time in which the probe itself stood still; null: there was none. */
  tookMs(reply: Reply): number | null;
  /** Who answered last, and when. */
  readonly latest: { readonly sender: string; readonly receivedAt: bigint } | null;
  /** Resolves with the first answer that fits and was received after `since` (default: from now on). Throws after `timeoutMs` (default 90,000). */
  until(predicate: (reply: Reply) => boolean, options?: { timeoutMs?: number; since?: bigint }): Promise<Reply>;
  /** Stops asking, waits for late answers, and returns the raw data. */
  stop(): Promise<Reply[]>;
  /** All outages so far; before `stop`, questions asked less than 500 ms ago count as answered. */
  outages(): Outage[];
}

/**
 * Starts probing from inside the host; resolves when the first question has been asked. For udp `address` may be several,
 * with commas between them, which take turns.
 */
export async function startProbe(
  host: { readonly name: string; readonly namespace: string; readonly directory: string },
  address: string,
  options: ProbeOptions,
): Promise<Probe> {
  const kind = options.kind ?? 'udp';
  const file = join(host.directory, `probe-${address.split(',')[0]}-${kind}-${process.hrtime.bigint()}.txt`);
  const child = spawn('ip', ['netns', 'exec', host.namespace, process.execPath, ...command(kind, address, options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const probe = new RunningProbe(child, file);
  await probe.begun();
  return probe;
}

function command(kind: 'udp' | 'http', address: string, options: ProbeOptions): string[] {
  const script = join(CHECKOUT, 'test', 'lab', 'probe', `${kind}.mjs`);
  const port = String(options.port ?? (kind === 'udp' ? 7007 : 80));
  const hz = String(options.hz ?? (kind === 'udp' ? 1000 : 50));
  if (kind === 'udp') return [script, address, port, hz];
  return [script, address, port, hz, options.path ?? '/', String(options.timeoutMs ?? 1000), options.sender ?? ''];
}

interface MutableReply {
  sequence: number;
  sentAt: bigint;
  receivedAt: bigint | null;
  sender: string | null;
  failure: string | null;
  failedAt: bigint | null;
}

class RunningProbe implements Probe {
  latest: { sender: string; receivedAt: bigint } | null = null;
  private readonly asked: MutableReply[] = [];
  private readonly standstills: Standstill[] = [];
  private readonly waiting = new Set<(reply: Reply) => void>();
  private rest = '';
  private stopped = false;
  private readonly closed: Promise<void>;
  /** Kept open, so that a lab destroyed under a running probe is no error. */
  private readonly raw: number;
  private firstQuestion: () => void = () => {};

  constructor(
    private readonly child: ChildProcessByStdio<Writable, Readable, null>,
    readonly file: string,
  ) {
    this.raw = openSync(file, 'a');
    child.stdin.on('error', () => {});
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => this.take(text));
    this.closed = new Promise((resolve) =>
      child.once('close', () => {
        closeSync(this.raw);
        resolve();
      }),
    );
  }

  async begun(): Promise<void> {
    const first = new Promise<boolean>((resolve) => {
      this.firstQuestion = () => resolve(true);
    });
    if (!(await Promise.race([first, this.closed]))) throw new Error('the probe ended before it asked anything');
  }

  replies(): Reply[] {
    return this.asked.slice();
  }

  tookMs({ sentAt, receivedAt }: Reply): number | null {
    if (receivedAt === null) return null;
    const stood = this.standstills.reduce((sum, { from, to }) => {
      const begin = from > sentAt ? from : sentAt;
      const end = to < receivedAt ? to : receivedAt;
      return end > begin ? sum + (end - begin) : sum;
    }, 0n);
    return Number(receivedAt - sentAt - stood) / 1e6;
  }

  until(predicate: (reply: Reply) => boolean, options: { timeoutMs?: number; since?: bigint } = {}): Promise<Reply> {
    const since = options.since ?? process.hrtime.bigint();
    const timeoutMs = options.timeoutMs ?? 90_000;
    const fits = (reply: Reply): boolean => reply.receivedAt !== null && reply.receivedAt >= since && predicate(reply);
    const early = this.asked.find(fits);
    if (early !== undefined) return Promise.resolve(early);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(look);
        const last =
          this.latest === null ? 'nothing was ever answered' : `the last answer came from ${this.latest.sender}`;
        reject(new Error(`no answer that fits within ${timeoutMs} ms; ${last}; raw data in ${this.file}`));
      }, timeoutMs);
      const look = (reply: Reply): void => {
        if (!fits(reply)) return;
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve(reply);
      };
      this.waiting.add(look);
    });
  }

  async stop(): Promise<Reply[]> {
    if (this.stopped) return this.replies();
    this.stopped = true;
    // What was asked last has this long to be answered.
    const end = process.hrtime.bigint();
    await sleep(500);
    this.child.stdin.end();
    await this.closed;
    while (this.asked.length > 0 && (this.asked.at(-1)?.sentAt ?? 0n) > end) this.asked.pop();
    return this.replies();
  }

  outages(): Outage[] {
    const last = this.stopped ? null : process.hrtime.bigint() - 500_000_000n;
    return findOutages(last === null ? this.asked : this.asked.filter((reply) => reply.sentAt < last));
  }

  private take(text: string): void {
    writeSync(this.raw, text);
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.takeLine(line);
  }

  private takeLine(line: string): void {
    const [kind, number, time, sender] = line.split(' ');
    const sequence = Number(number);
    if (kind === 's') {
      const sentAt = BigInt(time ?? 0);
      this.asked[sequence] = { sequence, sentAt, receivedAt: null, sender: null, failure: null, failedAt: null };
      this.firstQuestion();
      return;
    }
    if (kind === 'd') {
      const to = BigInt(time ?? 0);
      this.standstills.push({ from: to - BigInt(Math.round(Number(sender) * 1e6)), to });
      return;
    }
    const reply = this.asked[sequence];
    if (kind === 'x' && reply !== undefined) Object.assign(reply, { failure: sender, failedAt: BigInt(time ?? 0) });
    // Two hosts may answer one question, if two hold the address: the first counts.
    if (kind !== 'r' || reply === undefined || reply.receivedAt !== null || sender === undefined) return;
    reply.receivedAt = BigInt(time ?? 0);
    reply.sender = sender;
    this.latest = { sender, receivedAt: reply.receivedAt };
    for (const look of [...this.waiting]) look(reply);
  }
}

/** Groups neighbouring unanswered questions. */
export function findOutages(replies: readonly Reply[]): Outage[] {
  const outages: Outage[] = [];
  let lost: Reply[] = [];
  let before: string | null = null;
  const close = (after: Reply | null): void => {
    const [first] = lost;
    if (first !== undefined) outages.push(outage(first, lost.length, before, after));
    lost = [];
  };
  for (const reply of replies) {
    if (reply.receivedAt === null) {
      lost.push(reply);
      continue;
    }
    close(reply);
    before = reply.sender;
  }
  close(null);
  return outages;
}

/**
 * From the first unanswered question after that time until the first answer of this server, in ms; 0 if no question was
 * lost before it. Several short outages in between count as one.
 */
export function outageMs(replies: readonly Reply[], since: bigint, server: string): number {
  const after = replies.filter((reply) => reply.sentAt >= since);
  const served = after.find((reply) => reply.sender === server);
  if (served?.receivedAt == null) return Number.POSITIVE_INFINITY;
  const lost = after.find((reply) => reply.receivedAt === null && reply.sequence < served.sequence);
  return lost === undefined ? 0 : Number(served.receivedAt - lost.sentAt) / 1e6;
}

function outage(first: Reply, lost: number, senderBefore: string | null, after: Reply | null): Outage {
  const to = after?.receivedAt ?? null;
  const durationMs = to === null ? Number.POSITIVE_INFINITY : Number(to - first.sentAt) / 1e6;
  return { from: first.sentAt, to, durationMs, lost, senderBefore, senderAfter: after?.sender ?? null };
}
