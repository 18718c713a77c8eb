import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import type { Host } from './host.js';

/** What a Makefile wrote down (services/journal.mk): a word for the begin and one for the end of each primitive. */
export interface JournalEntry {
  /** Seconds since the machine was booted, to 10 ms; of entries that are near to each other the order counts. */
  readonly atSeconds: number;
  readonly node: string;
  readonly service: string;
  readonly claim: number;
  readonly what: string;
}

/** A time in which a node used a service: from the begin of its start to the end of its stop, or of its power. */
export interface Use {
  readonly node: string;
  readonly service: string;
  readonly claim: number;
  /** Positions in the journal; `to` is Infinity while it lasts. */
  readonly from: number;
  readonly to: number;
}

/** What all nodes' primitives really did, in one file, in the order in which they did it. */
export class Journal {
  constructor(readonly file: string) {
    writeFileSync(file, '');
  }

  entries(): JournalEntry[] {
    const lines = readFileSync(this.file, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => {
      const [atSeconds, node = '', service = '', claim, what = ''] = line.split(' ');
      return { atSeconds: Number(atSeconds), node, service, claim: Number(claim), what };
    });
  }

  /** `node SERVICE word` for each entry from this position on. */
  since(position: number): string[] {
    return this.entries()
      .slice(position)
      .map(({ node, service, what }) => `${node} ${service} ${what}`);
  }

  get length(): number {
    return this.entries().length;
  }

  /** The machine has lost its power: whatever it used, it uses no more. */
  notePowerLoss(host: Host): void {
    appendFileSync(this.file, `${uptimeSeconds()} ${host.name} - 0 power-loss\n`);
  }
}

/** The journal's clock. */
export function uptimeSeconds(): number {
  return Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
}

/** All uses in the order in which they began. */
export function usesOf(entries: readonly JournalEntry[]): Use[] {
  return entries.flatMap((entry, from) => {
    if (entry.what !== 'starting') return [];
    const { node, service, claim } = entry;
    const end = entries.findIndex(
      (other, at) =>
        at > from &&
        other.node === node &&
        (other.what === 'power-loss' || (other.service === service && other.what === 'stopped')),
    );
    return [{ node, service, claim, from, to: end < 0 ? Number.POSITIVE_INFINITY : end }];
  });
}

/** Where a service was used by two nodes at once, in words. */
export function overlaps(uses: readonly Use[]): string[] {
  return uses.flatMap((use, index) =>
    uses
      .slice(index + 1)
      .filter(({ service, from }) => service === use.service && from < use.to)
      .map(
        (later) => `${later.node} began to use ${later.service} (${later.from}) before ${use.node} ended (${use.to})`,
      ),
  );
}
