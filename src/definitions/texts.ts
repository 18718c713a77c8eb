import type { ParsedFiles } from '../config/index.js';
import { type ForeignFiles, onDiskOf } from '../files/index.js';
import { type ReadFile, readFile, textOf } from './file.js';
import type { TextOf } from './proposals.js';

/** So many files are read in one turn of the event loop. */
const FILES_IN_A_TURN = 20;

/** What the definition files say and whether they answer, without ever waiting for a file system that hangs. */
export class DefinitionTexts {
  readonly #stateDir: string;
  readonly #foreign: ForeignFiles;

  /** `foreign`: what reads the files that are not on the state directory's own disk. */
  constructor(stateDir: string, foreign: ForeignFiles) {
    this.#stateDir = stateDir;
    this.#foreign = foreign;
  }

  async readEach(files: readonly string[], parsed: ParsedFiles): Promise<readonly ReadFile[]> {
    const isOurs = onDiskOf(this.#stateDir);
    const other = async (file: string): Promise<string | null> => {
      if (isOurs(file)) return textOf(file);
      const reading = await this.#foreign.read(file);
      return reading.kind === 'read' ? reading.bytes.toString('utf8') : null;
    };
    const read: ReadFile[] = [];
    for (const [index, file] of files.entries()) {
      if (index % FILES_IN_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      read.push(await readFile(file, parsed, other));
    }
    return read;
  }

  /** What files say now; of those that may hang, what they said when all were read. */
  now(files: readonly ReadFile[]): TextOf {
    const isOurs = onDiskOf(this.#stateDir);
    const known = new Map(files.map(({ file, text }) => [file, text]));
    return (file) => (isOurs(file) ? textOf(file) : (known.get(file) ?? null));
  }

  /** A sentence if one of the paths may not be touched, because it would take for ever; null: all may. */
  async hung(paths: readonly string[]): Promise<string | null> {
    const isOurs = onDiskOf(this.#stateDir);
    const foreign = paths.filter((path) => !isOurs(path));
    if (!(await this.#foreign.isHung(foreign))) return null;
    return `${foreign.join(', ')} cannot be changed: the file system does not answer`;
  }
}
