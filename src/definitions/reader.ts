import type { Logger } from 'pino';
import { definitionWarnings, type LoadedDefinitions } from '../config/index.js';
import type { Happening, RouterId, ServiceDefinition } from '../model/index.js';
import { DefinitionsInForce } from './in-force.js';

export interface DefinitionReaderParts {
  readonly load: () => Promise<LoadedDefinitions>;
  /** Definitions in force after a change, and who made it. */
  readonly apply: (definitions: readonly ServiceDefinition[], operator: string | undefined) => void;
  readonly self: () => RouterId | null;
  readonly happened: (happening: Happening) => void;
  /** What an earlier life did not stop. */
  readonly notStopped: readonly string[];
  readonly log: Pick<Logger, 'error' | 'warn'>;
}

/** Reads the definitions at the start and whenever they may have changed, and tells what is wrong with them. */
export class DefinitionReader {
  readonly #parts: DefinitionReaderParts;
  readonly #inForce: DefinitionsInForce;
  /** One after the other; each begins when it was asked for, or later. */
  #reading: Promise<void> = Promise.resolve();
  #problems: readonly string[] = [];
  #rereads = 0;

  constructor(parts: DefinitionReaderParts, folder: string) {
    this.#parts = parts;
    this.#inForce = new DefinitionsInForce(folder);
  }

  get current(): readonly ServiceDefinition[] {
    return this.#inForce.current;
  }

  /** How often the files were said to have changed. */
  get rereads(): number {
    return this.#rereads;
  }

  /** What is wrong with the definitions now, a sentence each. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** When what was asked for so far has been applied. */
  get settled(): Promise<void> {
    return this.#reading;
  }

  async read(): Promise<readonly ServiceDefinition[]> {
    const reading = this.#inForce.take(await this.#parts.load());
    const { definitions } = reading;
    const problems = [...reading.problems, ...withoutDefinition(this.#parts.notStopped, definitions)];
    const known = new Set(this.#problems);
    this.#problems = problems;
    for (const problem of problems) {
      this.#parts.log.error({}, problem);
      if (!known.has(problem)) this.#note(problem);
    }
    for (const { service, key, message } of definitionWarnings(definitions)) {
      this.#parts.log.warn({ service }, `${key}: ${message}`);
    }
    return definitions;
  }

  /** `operator`: who has changed them; undefined: nobody we know. */
  reread(operator?: string): Promise<void> {
    this.#rereads += 1;
    this.#reading = this.#reading.then(async () => this.#parts.apply(await this.read(), operator));
    return this.#reading;
  }

  /** An operator has deleted this one by name: its absence is meant. */
  forget(service: string): void {
    this.#inForce.forget(service);
  }

  #note(text: string): void {
    const nothing = { service: null, from: null, to: null, operator: null };
    this.#parts.happened({ kind: 'configuration', node: this.#parts.self(), ...nothing, text });
  }
}

/** Without its definition nobody can stop it. */
function withoutDefinition(services: readonly string[], definitions: readonly ServiceDefinition[]): string[] {
  const defined = new Set(definitions.map(({ name }) => name));
  return services
    .filter((service) => !defined.has(service))
    .map(
      (service) =>
        `${service} may be running from an earlier life, but has no usable definition here any more: bring the definition back and reload srrd, which then stops it, or stop it by hand`,
    );
}
