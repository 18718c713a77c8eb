import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../lab/index.js';

/** What the kernel of a host did to addresses or routes, and when: `ip -ts monitor`, from when it was started. */
export class KernelMonitor {
  readonly #file: string;
  #from = 0;

  constructor(
    private readonly host: Host,
    private readonly object: 'address' | 'route',
  ) {
    const name = `monitor-${object}`;
    host.spawn(name, ['ip', '-ts', 'monitor', object], { TZ: 'UTC' });
    this.#file = join(host.directory, `${name}.out`);
  }

  /** What is there so far is not looked at again. */
  forget(): void {
    this.#from = statSync(this.#file).size;
  }

  /** When the address, or a route to it, came up first after that; in milliseconds since 1970. */
  cameUp(address: string, sinceMs: number): number | undefined {
    return this.#find((line) => !line.includes('Deleted'), address, sinceMs);
  }

  wentDown(address: string, sinceMs: number): number | undefined {
    return this.#find((line) => line.includes('Deleted'), address, sinceMs);
  }

  toString(): string {
    return `${this.object} monitor of ${this.host.name}`;
  }

  #find(fits: (line: string) => boolean, address: string, sinceMs: number): number | undefined {
    const text = readFileSync(this.#file).subarray(this.#from).toString('utf8');
    const word = new RegExp(`[ \\t]${address.replaceAll('.', '\\.')}(/32)?\\s`);
    for (const line of text.split('\n')) {
      if (!word.test(line) || !fits(line)) continue;
      const atMs = timeOf(line);
      if (atMs !== undefined && atMs >= sinceMs) return atMs;
    }
    return undefined;
  }
}

/** `[2026-11-21T04:52:09.229005] ...`, in UTC; Date.parse takes no microseconds everywhere. */
function timeOf(line: string): number | undefined {
  const found = /^\[(\S+)\.(\d{6})\]/.exec(line);
  if (found === null) return undefined;
  return Date.parse(`${found[1]}Z`) + Number(found[2]) / 1000;
}
