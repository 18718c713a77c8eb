import { parseAllDocuments } from 'yaml';
import type { ConfigState, DefinitionConflict, RunState, ServiceDefinition } from '../cluster/index.js';
import {
  ConfigurationError,
  definitionPath,
  editedDefinition,
  type LoadedDefinitions,
  loadDefinitions,
  type ParsedFiles,
  type ProposedFiles,
  removeDefinition,
  writeDefinition,
} from '../config/index.js';
import type {
  DefinitionEntry,
  DefinitionProblem,
  DefinitionsPort,
  EditReply,
  Verdict,
  WrittenDefinition,
} from '../http/index.js';
import { isName } from '../lsa/limits.js';

import { isKeys, keysOf, type ReadFile, readFile, textOf } from './definition-file.js';

export interface DefinitionEditorParts {
  readonly stateDir: string;
  readonly servicesDir: string;
  readonly nodeName: string;
  /** undefined: no such service on this node. */
  readonly replica: (name: string) => EditedReplica | undefined;
  readonly conflicts: (definition: ServiceDefinition) => readonly DefinitionConflict[];
  /** Shared with whoever else reads the files. */
  readonly parsed: ParsedFiles;
  /** The files have changed: read them again, as on SIGHUP. */
  readonly reread: (operator: string) => void;
}

/** What the core makes of a service here. */
export interface EditedReplica {
  readonly definition: ServiceDefinition;
  readonly config: ConfigState;
  readonly run: RunState;
  readonly job: { readonly primitive: string } | null;
}

/** What is read stays good for so long, in ms: reading a thousand files at every request would keep all else waiting. */
const FRESH_MS = 1000;

/** Reads and changes the definition files, by the same rules as the daemon does when it starts. */
export class DefinitionEditor implements DefinitionsPort {
  readonly #parts: DefinitionEditorParts;
  #read: { readonly atMs: number; readonly files: readonly ReadFile[]; readonly loaded: LoadedDefinitions } | undefined;
  /** One edit after the other. */
  #editing: Promise<unknown> = Promise.resolve();

  constructor(parts: DefinitionEditorParts) {
    this.#parts = parts;
  }

  list(): DefinitionEntry[] {
    const { files, loaded } = this.#readAll();
    const byName = new Map(loaded.definitions.map((definition) => [definition.name, definition]));
    return files.map(({ name, file, definition }) => {
      const read = byName.get(name);
      const whyNot = this.#whyNot(name);
      const problems = loaded.errors.filter((error) => error.file === file).map(({ message }) => message);
      return {
        name,
        file,
        definition,
        inForce: read !== undefined && isSame(read, this.#parts.replica(name)?.definition),
        problems: [...problems, ...this.#conflicts(read).map(({ key, message }) => `${key}: ${message}`)],
        editable: whyNot === null,
        whyNot,
      };
    });
  }

  validate(written: WrittenDefinition): Verdict {
    const proposal = this.#propose(written);
    return 'problem' in proposal ? { problems: [proposal.problem], warnings: [] } : this.#judge([proposal]);
  }

  save(name: string, written: WrittenDefinition, operator: string): Promise<EditReply> {
    return this.#inTurn(() => this.#save(name, written, operator));
  }

  import(yaml: string, operator: string): Promise<EditReply> {
    return this.#inTurn(() => this.#import(yaml, operator));
  }

  remove(name: string, operator: string): Promise<EditReply> {
    return this.#inTurn(() => this.#remove(name, operator));
  }

  exported(): string {
    return this.#readAll()
      .files.map(({ text }) => (text.endsWith('\n') ? text : `${text}\n`))
      .join('---\n');
  }

  #inTurn(edit: () => Promise<EditReply>): Promise<EditReply> {
    const result = this.#editing.then(edit);
    this.#editing = result.catch(() => {});
    return result;
  }

  async #save(name: string, written: WrittenDefinition, operator: string): Promise<EditReply> {
    const proposal = this.#propose(written);
    if ('problem' in proposal) return { outcome: 'wrong', text: sentence(proposal.problem) };
    if (proposal.name !== name) {
      return { outcome: 'wrong', text: `name: expected ${name}, got ${proposal.name}: a service cannot be renamed` };
    }
    return this.#saveAll([proposal], operator);
  }

  async #import(yaml: string, operator: string): Promise<EditReply> {
    const proposals: Proposal[] = [];
    for (const document of parseAllDocuments(yaml)) {
      if (!('errors' in document)) break;
      if (document.errors.length > 0)
        return { outcome: 'wrong', text: `expected YAML: ${document.errors[0]?.message}` };
      const keys: unknown = document.toJS();
      if (keys === null) continue;
      const proposal = this.#propose(isKeys(keys) ? keys : '');
      if ('problem' in proposal) return { outcome: 'wrong', text: sentence(proposal.problem) };
      if (proposals.some(({ name }) => name === proposal.name)) {
        return { outcome: 'wrong', text: `name: expected each service once, got ${proposal.name} again` };
      }
      proposals.push(proposal);
    }
    if (proposals.length === 0) return { outcome: 'wrong', text: 'expected at least one definition, got none' };
    return this.#saveAll(proposals, operator);
  }

  async #remove(name: string, operator: string): Promise<EditReply> {
    const known = this.#readAll().files.find((file) => file.name === name);
    if (known === undefined) return { outcome: 'unknown', text: `no definition named ${name} is on this node` };
    const whyNot = this.#whyNot(name);
    if (whyNot !== null) return { outcome: 'refused', text: whyNot };
    const [problem] = this.#would(new Map([[known.file, null]])).problems;
    if (problem !== undefined) return { outcome: 'refused', text: `${name} cannot be deleted: ${sentence(problem)}` };
    return this.#edit([() => removeDefinition(known.file)], operator, `${name} is deleted`);
  }

  async #saveAll(proposals: readonly Proposal[], operator: string): Promise<EditReply> {
    const changed = proposals.filter(({ file, text }) => textOf(file) !== text);
    const names = proposals.map(({ name }) => name).join(', ');
    if (changed.length === 0) return { outcome: 'done', text: `${names}: nothing has changed` };
    for (const { name } of changed) {
      const whyNot = this.#whyNot(name);
      if (whyNot !== null) return { outcome: 'refused', text: whyNot };
    }
    const { problems, warnings } = this.#judge(changed);
    if (problems.length > 0) return { outcome: 'wrong', text: problems.map(sentence).join('; ') };
    const hints = warnings.map((warning) => `; ${sentence(warning)}`).join('');
    const writes = changed.map(({ name, file, text }) => () => {
      const whyNot = this.#whyNot(name);
      if (whyNot !== null) throw new ConfigurationError(file, [whyNot]);
      writeDefinition(file, text);
    });
    return this.#edit(writes, operator, `${changed.map(({ name }) => name).join(', ')}: saved${hints}`);
  }

  /** Each step waits for the disk, so the daemon's main job gets its turn between them. */
  async #edit(steps: readonly (() => void)[], operator: string, text: string): Promise<EditReply> {
    try {
      for (const [index, step] of steps.entries()) {
        if (index > 0) await new Promise((resolve) => setImmediate(resolve));
        step();
      }
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return { outcome: 'refused', text: error.message };
    } finally {
      // Of several files some may have been written.
      this.#read = undefined;
      this.#parts.reread(operator);
    }
    return { outcome: 'done', text };
  }

  /** The file that would be saved. */
  #propose(written: WrittenDefinition): Proposal | { readonly problem: DefinitionProblem } {
    const keys = typeof written === 'string' ? keysOf(written) : written;
    if (keys === undefined) return { problem: { key: '', message: 'expected YAML with a section of keys' } };
    const { name } = keys;
    if (typeof name !== 'string' || !isName(name)) {
      return { problem: { key: 'name', message: 'expected 1 to 64 of A-Z a-z 0-9 . _ -' } };
    }
    const file = definitionPath(this.#parts.stateDir, name);
    const text = typeof written === 'string' ? written : editedDefinition(textOf(file), keys);
    return { name, file, text };
  }

  #judge(proposals: readonly Proposal[]): Verdict {
    const { definitions, problems } = this.#would(new Map(proposals.map(({ file, text }) => [file, text])));
    const names = new Set(proposals.map(({ name }) => name));
    const found = definitions
      .filter(({ name }) => names.has(name))
      .flatMap((definition) => this.#conflicts(definition));
    const at = (level: DefinitionConflict['level']) =>
      found.filter((conflict) => conflict.level === level).map(({ key, message }) => ({ key, message }));
    return { problems: [...problems, ...at('refused')], warnings: at('warning') };
  }

  /** What the daemon would read, and what would be wrong then and is not now. */
  #would(proposed: ProposedFiles) {
    const { stateDir, servicesDir, parsed } = this.#parts;
    const known = new Set(this.#readAll().loaded.errors.map(({ file, message }) => `${file}: ${message}`));
    const { definitions, errors } = loadDefinitions(stateDir, servicesDir, proposed, parsed);
    const problems = errors
      .filter(({ file, message }) => proposed.has(file) || !known.has(`${file}: ${message}`))
      .map(({ file, message }) =>
        proposed.has(file) ? problemOf(message) : { key: '', message: `${file}: ${message}` },
      );
    return { definitions, problems };
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

  #readAll() {
    const { stateDir, servicesDir, parsed } = this.#parts;
    const now = performance.now();
    if (this.#read !== undefined && now - this.#read.atMs < FRESH_MS) return this.#read;
    const loaded = loadDefinitions(stateDir, servicesDir, new Map(), parsed);
    const files = loaded.files.map((file) => readFile(file, parsed));
    this.#read = { atMs: now, files, loaded };
    return this.#read;
  }
}

interface Proposal {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

function isSame(read: ServiceDefinition, used: ServiceDefinition | undefined): boolean {
  return JSON.stringify(read) === JSON.stringify(used);
}

/** From the words of src/config: `line 4: check.interval: expected …`. */
function problemOf(message: string): DefinitionProblem {
  const [, key = '', text = message] = /^(?:line \d+: )?([\w.-]+): (.*)$/s.exec(message) ?? [];
  return { key, message: text };
}

function sentence({ key, message }: DefinitionProblem): string {
  return key === '' ? message : `${key}: ${message}`;
}
