import { readdirSync, statSync } from 'node:fs';
import {
  type FileReading,
  type ForeignFiles,
  type LookAt,
  onDiskOf,
  type ReadFile,
  readRegularFile,
  type Step,
  stepAt,
  stepsOf,
  systemErrorText,
} from '../files/index.js';
import { ConfigurationError } from './errors.js';
import type { YamlLimits } from './yaml-document.js';
import { type ParsedYaml, parseYaml, sourceOf } from './yaml-file.js';
import type { YamlSource } from './yaml-source.js';
import { inYamlThread } from './yaml-thread.js';

/** Where the files that people configure are read from. All but `look` throw what keeps them from it. */
export interface Sources {
  names(folder: string): readonly string[];
  readonly bytes: ReadFile;
  /** As in stat(2), of a file that was read. */
  readonly mode: (file: string) => number;
  readonly look: LookAt;
  /** What the text of a file of YAML says. Throws a ConfigurationError. */
  parse(file: string, text: string, limits: YamlLimits): YamlSource;
}

/** Straight from the disk, whatever disk it is: for programs that may hang with it. */
export const DIRECTLY: Sources = {
  names: (folder) => readdirSync(folder),
  bytes: readRegularFile,
  mode: (file) => statSync(file).mode,
  look: stepAt,
  parse: parseYaml,
};

/** A longer text is parsed in a thread, since it may take long. Nearly all definitions are shorter. */
const PARSED_HERE_BYTES = 1_024;

/** A file that has not been read yet: it will be, and then everything is read again. */
class NotYet extends Error {}

/**
 * Straight from the disk of the state directory, and through child processes from anywhere else, since that may hang. What
 * was not foreseen is noted: after `next` it is there.
 */
export class CarefulSources implements Sources {
  readonly #files: ForeignFiles;
  readonly #isOurs: (path: string) => boolean;
  readonly #onTheWay: ReadonlySet<string>;
  readonly #read = new Map<string, FileReading>();
  readonly #steps = new Map<string, Step>();
  readonly #listed = new Map<string, readonly string[] | string>();
  readonly #wanted = new Map<string, number>();
  readonly #wantedSteps = new Set<string>();
  #wantedFolder: string | null = null;
  readonly #parsed = new Map<string, ParsedYaml>();
  readonly #wantedTexts = new Map<string, YamlLimits>();

  /** `stateDir`: null while it is not known, at start: then all is read straight from the disk. */
  constructor(stateDir: string | null, files: ForeignFiles) {
    this.#files = files;
    this.#isOurs = stateDir === null ? () => true : onDiskOf(stateDir);
    this.#onTheWay = new Set(stateDir === null ? [] : stepsOf(stateDir));
  }

  names(folder: string): readonly string[] {
    if (this.#isOurs(folder)) return readdirSync(folder);
    const listed = this.#listed.get(folder);
    if (typeof listed === 'string') throw new Error(listed);
    if (listed === undefined) this.#wantedFolder = folder;
    return listed ?? [];
  }

  readonly bytes = (file: string, maxBytes: number): Buffer => {
    if (this.#isOurs(file)) return readRegularFile(file, maxBytes);
    const { bytes } = this.#reading(file, maxBytes);
    if (bytes.length <= maxBytes) return bytes;
    throw new Error(`it has ${bytes.length} bytes, at most ${maxBytes} are read`);
  };

  readonly mode = (file: string): number => (this.#isOurs(file) ? statSync(file).mode : this.#reading(file, 0).mode);

  readonly look = (path: string): Step => {
    // Who works in the state directory has come by these.
    if (this.#onTheWay.has(path) || this.#isOurs(path)) return stepAt(path);
    const step = this.#steps.get(path);
    if (step === undefined) this.#wantedSteps.add(path);
    return step ?? { kind: 'failed', problem: 'it is being looked at' };
  };

  parse(file: string, text: string, limits: YamlLimits): YamlSource {
    if (text.length <= PARSED_HERE_BYTES) return parseYaml(file, text, limits);
    const parsed = this.#parsed.get(text);
    if (parsed !== undefined) return sourceOf(file, parsed);
    this.#wantedTexts.set(text, limits);
    throw new ConfigurationError(file, ['it is being parsed']);
  }

  /** Reads what was asked for and not there. False: there was nothing. */
  async next(): Promise<boolean> {
    const folder = this.#wantedFolder;
    const nothing = this.#wanted.size + this.#wantedSteps.size + this.#wantedTexts.size === 0;
    if (folder === null && nothing) return false;
    const texts = [...this.#wantedTexts];
    this.#wantedTexts.clear();
    const parsing = Promise.all(
      texts.map(async ([text, limits]) => this.#parsed.set(text, await inYamlThread({ kind: 'parse', text, limits }))),
    );
    if (folder !== null) this.#listed.set(folder, await this.#files.list(folder));
    this.#wantedFolder = null;
    const files = [...this.#wanted];
    this.#wanted.clear();
    await Promise.all(files.map(([file, most]) => this.#readForeign(file, most)));
    const paths = [...this.#wantedSteps].filter((path) => !this.#steps.has(path));
    this.#wantedSteps.clear();
    const steps = await this.#files.look(paths);
    for (const [index, step] of steps.entries()) this.#steps.set(paths[index] ?? '', step);
    await parsing;
    return true;
  }

  #reading(file: string, most: number): FileReading & { readonly kind: 'read' } {
    const reading = this.#read.get(file);
    if (reading?.kind === 'read') return reading;
    if (reading !== undefined) throw new Error(reading.problem);
    this.#wanted.set(file, most);
    throw new NotYet('it is being read');
  }

  /** What can be read is looked at next: whose it is. */
  async #readForeign(file: string, most: number): Promise<void> {
    const reading = await this.#files.read(file, most);
    this.#read.set(file, reading);
    if (reading.kind === 'read') for (const step of stepsOf(file)) this.look(step);
  }
}

/** What `read` gives when nothing is missing any more that it asks `sources` for; or what it throws then. */
export async function carefully<Result>(
  sources: CarefulSources,
  read: () => Result | Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      const result = await read();
      if (!(await sources.next())) return result;
    } catch (error) {
      if (!(await sources.next())) throw error;
    }
  }
}

/** Whether the folder is not there. */
export function isMissing(error: unknown): boolean {
  return /^ENOENT|^No such file/.test(systemErrorText(error));
}
