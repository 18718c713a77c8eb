import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { overwriteJson, readJson } from '../files/index.js';
import { aliasAddress, interfaceName, ospfArea } from './alias-request.js';
import type { PlacedAlias } from './kernel-addresses.js';
import type { AnnouncedAddress } from './ospf-networks.js';

const ENDING = '.json';

/** What was put into the kernel and into ospfd for one service. */
export interface RecordedAlias {
  readonly aliases: readonly PlacedAlias[];
  readonly lines: readonly AnnouncedAddress[];
}

const address = checked(aliasAddress);
const name = checked(interfaceName);
const fileSchema = z.strictObject({
  aliases: z.array(z.strictObject({ address, interface: name })),
  lines: z.array(
    z
      .strictObject({ address, area: checked(ospfArea), interface: name.nullable() })
      .transform((line) => ({ ...line, external: false })),
  ),
});

/**
 * What this daemon, or an earlier life of it, has put up: `FOLDER/SERVICE.json`, written before it goes up and removed
 * when it is gone. Only what is recorded here is ever taken for ours: another srrd on this machine uses the same mark.
 * Nothing throws; what cannot be read or written is told, and the lease ends the alias all the same.
 */
export class AliasRecords {
  readonly #folder: string;
  readonly #problem: (text: string) => void;

  constructor(folder: string, problem: (text: string) => void) {
    this.#folder = folder;
    this.#problem = problem;
  }

  /** Of an address that is announced as an AS-external LSA there is no line to be removed. */
  put(service: string, { aliases, lines }: RecordedAlias): void {
    const own = lines.flatMap(({ external, ...line }) => (external ? [] : [line]));
    this.#attempt(() => overwriteJson(this.#file(service), { aliases, lines: own }));
  }

  remove(service: string): void {
    this.#attempt(() => rmSync(this.#file(service), { force: true }));
  }

  /** By service. */
  all(): ReadonlyMap<string, RecordedAlias> {
    const records = new Map<string, RecordedAlias>();
    for (const entry of this.#entries()) {
      const record = this.#read(entry);
      if (record !== undefined) records.set(entry.slice(0, -ENDING.length), record);
    }
    return records;
  }

  #read(entry: string): RecordedAlias | undefined {
    const file = join(this.#folder, entry);
    const reading = readJson(file, fileSchema);
    if (reading.kind === 'read') return reading.value;
    if (reading.kind === 'corrupt') this.#problem(`${file} cannot be used: ${reading.reason}; what it names stays up`);
    return undefined;
  }

  #entries(): string[] {
    try {
      return readdirSync(this.#folder).filter((entry) => !entry.startsWith('.') && entry.endsWith(ENDING));
    } catch {
      return [];
    }
  }

  #file(service: string): string {
    return join(this.#folder, `${service}${ENDING}`);
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#problem(`what is put up cannot be recorded in ${this.#folder}: ${message(error)}`);
    }
  }
}

/** Text that this function takes, as what it makes of it. */
function checked<T>(check: (text: string) => T) {
  return z.string().transform((text, context) => {
    try {
      return check(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: message(error), input: text });
      return z.NEVER;
    }
  });
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
