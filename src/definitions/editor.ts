import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { DefinitionConflict } from '../cluster/index.js';
import {
  ConfigurationError,
  definitionsBase,
  fileProblem,
  inTurns,
  loadDefinitionsInTurns,
  type ProposedFiles,
  removeDefinition,
  writeDefinition,
} from '../config/index.js';
import type {
  ApplyHow,
  DefinitionEntry,
  DefinitionsPort,
  EditReply,
  Verdict,
  WrittenDefinition,
} from '../http/index.js';
import type { ServiceDefinition } from '../model/index.js';
import type { DefinitionEditorParts } from './editor-parts.js';
import type { ReadFile } from './file.js';
import { DefinitionsOnDisk, type OnDisk } from './on-disk.js';
import {
  conflict,
  halfDone,
  type Proposal,
  proposal,
  proposalsIn,
  sentence,
  shown,
  type TextOf,
  told,
  warningsAbout,
  wrong,
} from './proposals.js';
import { DefinitionTexts } from './texts.js';

/** So many entries are put together in one turn of the event loop. */
const ENTRIES_IN_A_TURN = 20;

const CHANGED = 'the definitions here have changed since they were looked at: nothing is changed now; look again';

const SAVE_ONLY: ApplyHow = { check: false, remove: [], base: null };

/** Reads and changes the definition files, by the same rules as the daemon does when it starts. */
export class DefinitionEditor implements DefinitionsPort {
  readonly #parts: DefinitionEditorParts;
  readonly #files: DefinitionTexts;
  readonly #disk: DefinitionsOnDisk;
  /** One edit after the other. */
  #editing: Promise<unknown> = Promise.resolve();

  constructor(parts: DefinitionEditorParts) {
    this.#parts = parts;
    this.#files = new DefinitionTexts(parts.stateDir, parts.files);
    this.#disk = new DefinitionsOnDisk(parts, this.#files);
  }

  async *list(): AsyncGenerator<readonly DefinitionEntry[]> {
    const all = await this.#disk.read();
    for (let from = 0; from < all.files.length; from += ENTRIES_IN_A_TURN) {
      if (from > 0) await new Promise((resolve) => setImmediate(resolve));
      yield all.files.slice(from, from + ENTRIES_IN_A_TURN).map((file) => this.#entry(file, all));
    }
  }

  async find(name: string): Promise<DefinitionEntry | undefined> {
    const all = await this.#disk.read();
    const found = all.files.find((file) => file.name === name);
    return found === undefined ? undefined : this.#entry(found, all);
  }

  async validate(written: WrittenDefinition): Promise<Verdict> {
    const proposed = await proposal(this.#parts.stateDir, written, await this.#texts());
    return 'problem' in proposed ? { problems: [proposed.problem], warnings: [] } : this.#judge([proposed]);
  }

  save(name: string, written: WrittenDefinition, operator: string): Promise<EditReply> {
    return this.#inTurn(() => this.#save(name, written, operator));
  }

  import(yaml: string, operator: string): Promise<EditReply> {
    return this.apply(yaml, operator, SAVE_ONLY);
  }

  apply(yaml: string, operator: string, how: ApplyHow): Promise<EditReply> {
    return this.#inTurn(() => this.#apply(yaml, operator, how));
  }

  remove(name: string, operator: string): Promise<EditReply> {
    return this.#inTurn(() => this.#remove(name, operator));
  }

  async exported(): Promise<string> {
    const { files } = await this.#disk.read();
    return files.map(({ text }) => (text.endsWith('\n') ? text : `${text}\n`)).join('---\n');
  }

  #entry({ name, file, definition }: ReadFile, { byName, problems }: OnDisk): DefinitionEntry {
    const read = byName.get(name);
    const whyNot = this.#whyNot(name);
    const conflicts = this.#conflicts(read).map(({ key, message }) => `${key}: ${message}`);
    return {
      name,
      file,
      definition,
      inForce: read !== undefined && isDeepStrictEqual(read, this.#parts.replica(name)?.definition),
      problems: [...(problems.get(file) ?? []), ...conflicts],
      editable: whyNot === null,
      whyNot,
    };
  }

  #inTurn(edit: () => Promise<EditReply>): Promise<EditReply> {
    const result = this.#editing.then(edit);
    this.#editing = result.catch(() => {});
    return result;
  }

  async #save(name: string, written: WrittenDefinition, operator: string): Promise<EditReply> {
    const proposed = await proposal(this.#parts.stateDir, written, await this.#texts());
    if ('problem' in proposed) return wrong([proposed.problem]);
    if (proposed.name !== name) {
      return wrong([conflict('name', `expected ${name}, got ${proposed.name}: a service cannot be renamed`)]);
    }
    return this.#saveAll([proposed], operator);
  }

  async #apply(yaml: string, operator: string, how: ApplyHow): Promise<EditReply> {
    const proposals = await proposalsIn(this.#parts.stateDir, yaml, await this.#texts());
    if (typeof proposals === 'string') return wrong([shown(fileProblem(proposals), null)]);
    if (proposals.length === 0 && how.remove.length === 0)
      return wrong([shown(fileProblem('expected at least one definition, got none'), null)]);
    const both = proposals.find(({ name }) => how.remove.includes(name));
    if (both !== undefined)
      return wrong([conflict('name', `expected ${both.name} to be either saved or deleted, got both`)]);
    if (how.base !== null) {
      // What has changed since the texts of the proposals were read is seen when they are written.
      this.#disk.forget();
      if (definitionsBase((await this.#disk.read()).files) !== how.base) return { outcome: 'refused', text: CHANGED };
    }
    return this.#saveAll(proposals, operator, how);
  }

  async #remove(name: string, operator: string): Promise<EditReply> {
    const known = (await this.#disk.read()).files.find((file) => file.name === name);
    if (known === undefined && this.#parts.replica(name) === undefined) {
      return { outcome: 'unknown-definition', text: `no definition named ${name} is on this node` };
    }
    const whyNot = this.#whyNot(name);
    if (whyNot !== null) return { outcome: 'refused', text: whyNot };
    const file = known?.file;
    // Without its file it is in force all the same, where the files are lost as a whole.
    if (file === undefined) return this.#edit([() => this.#parts.forget(name)], [], operator, `${name} is deleted`);
    const [problem] = (await this.#would(new Map([[file, null]]))).problems;
    if (problem !== undefined) return { outcome: 'refused', text: `${name} cannot be deleted: ${sentence(problem)}` };
    const remove = () => {
      removeDefinition(file);
      this.#parts.forget(name);
    };
    // A link is taken away, whatever it leads to.
    return this.#edit([remove], [dirname(file)], operator, `${name} is deleted`);
  }

  async #saveAll(
    proposals: readonly Proposal[],
    operator: string,
    { check, remove }: ApplyHow = SAVE_ONLY,
  ): Promise<EditReply> {
    const textOf = await this.#texts();
    const saved = proposals.filter(({ file, text }) => textOf(file) !== text);
    const removed = (await this.#disk.read()).files.filter(({ name }) => remove.includes(name));
    const names = [...proposals.map(({ name }) => name), ...remove].join(', ');
    if (saved.length + removed.length === 0) return { outcome: 'done', text: `${names}: nothing has changed` };
    for (const { name } of [...saved, ...removed]) {
      const whyNot = this.#whyNot(name);
      if (whyNot !== null) return { outcome: 'refused', text: whyNot };
    }
    const { problems, warnings } = await this.#judge(saved, removed);
    if (problems.length > 0) return wrong(problems);
    const hints = warnings.map((warning) => `; ${sentence(warning)}`).join('');
    const text = `${told(saved, removed, check)}${hints}`;
    if (check) return { outcome: 'done', text };
    const writes = saved.map(({ name, file, text, before }) =>
      this.#step(name, file, () => {
        if (textOf(file) !== before) throw new ConfigurationError(file, ['has been changed meanwhile: try again']);
        writeDefinition(file, text);
      }),
    );
    const removals = removed.map(({ name, file }) =>
      this.#step(name, file, () => {
        removeDefinition(file);
        this.#parts.forget(name);
      }),
    );
    const paths = [...saved.map(({ file }) => file), ...removed.map(({ file }) => dirname(file))];
    return this.#edit([...writes, ...removals], paths, operator, text);
  }

  /** The service may have become active since it was looked at. */
  #step(name: string, file: string, change: () => void): () => void {
    return () => {
      const whyNot = this.#whyNot(name);
      if (whyNot !== null) throw new ConfigurationError(file, [whyNot]);
      change();
    };
  }

  /** Each step waits for the disk, so the daemon's main job gets its turn between them. `paths`: what they touch. */
  async #edit(
    steps: readonly (() => void)[],
    paths: readonly string[],
    operator: string,
    text: string,
  ): Promise<EditReply> {
    const hung = await this.#files.hung(paths);
    if (hung !== null) return { outcome: 'refused', text: hung };
    let done = 0;
    try {
      for (const step of steps) {
        if (done > 0) await new Promise((resolve) => setImmediate(resolve));
        step();
        done += 1;
      }
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return { outcome: 'refused', text: `${error.message}${halfDone(done, steps.length)}` };
    } finally {
      // Of several files some may have been written.
      this.#disk.forget();
      await this.#parts.reread(operator);
    }
    return { outcome: 'done', text };
  }

  async #judge(proposals: readonly Proposal[], removed: readonly ReadFile[] = []): Promise<Verdict> {
    const texts = proposals.map(({ file, text }) => [file, text] as const);
    const gone = removed.map(({ file }) => [file, null] as const);
    const { definitions, problems } = await this.#would(new Map([...texts, ...gone]));
    const names = new Set(proposals.map(({ name }) => name));
    const found = await inTurns(this.#conflictsOf(definitions.filter(({ name }) => names.has(name))));
    const at = (level: DefinitionConflict['level']) =>
      found.filter((conflict) => conflict.level === level).map(({ key, message }) => conflict(key, message));
    return {
      problems: [...problems, ...at('refused')],
      warnings: [...at('warning'), ...warningsAbout(names, definitions)],
    };
  }

  /** What the daemon would read, and what would be wrong then and is not now. */
  async #would(proposed: ProposedFiles) {
    const { stateDir, servicesDir, parsed, files } = this.#parts;
    const { loaded } = await this.#disk.read();
    const known = new Set(loaded.errors.map(({ file, message }) => `${file}: ${message}`));
    const { definitions, errors } = await loadDefinitionsInTurns(stateDir, servicesDir, proposed, parsed, files);
    const problems = errors
      .filter(({ file, message }) => proposed.has(file) || !known.has(`${file}: ${message}`))
      .map((error) => shown(error, proposed.has(error.file) ? null : error.file));
    return { definitions, problems };
  }

  *#conflictsOf(definitions: readonly ServiceDefinition[]): Generator<void, readonly DefinitionConflict[]> {
    const found: DefinitionConflict[] = [];
    for (const definition of definitions) {
      yield;
      found.push(...this.#conflicts(definition));
    }
    return found;
  }

  #conflicts(definition: ServiceDefinition | undefined): readonly DefinitionConflict[] {
    return definition === undefined ? [] : this.#parts.conflicts(definition);
  }

  /** null: it may be edited and deleted. */
  #whyNot(name: string): string | null {
    const { replica, nodeName } = this.#parts;
    const here = replica(name);
    if (here === undefined) return null;
    const { config, run, job } = here;
    const isActive = config === 'injected' || config === 'active' || config === 'deactivated';
    if (isActive)
      return `${name} is ${config}/${run} on ${nodeName}: deactivate it first (srrctl service deactivate ${name})`;
    return job === null ? null : `${job.primitive} of ${name} runs on ${nodeName}: try again when it has ended`;
  }

  async #texts(): Promise<TextOf> {
    return this.#files.now((await this.#disk.read()).files);
  }
}
