import { editedDefinition } from './edited-definition.js';
import type { Problem } from './problems.js';
import { withEnabled } from './with-enabled.js';
import { DEFINITION_LIMITS, documentsIn, plainValue, UnreadableYaml, type YamlLimits } from './yaml-document.js';
import { type ParsedYaml, parsedYaml } from './yaml-file.js';

/** What can be done with a text of YAML, here or in a thread: plain data in, plain data out. */
export type YamlJob =
  | { readonly kind: 'parse'; readonly text: string; readonly limits: YamlLimits }
  | { readonly kind: 'documents'; readonly text: string }
  | { readonly kind: 'edit'; readonly edits: readonly Edit[] }
  | { readonly kind: 'enable'; readonly text: string; readonly enabled: boolean };

/** `text`: what the file of a definition has now; null: there is none. `wanted`: what it must say. */
export interface Edit {
  readonly text: string | null;
  readonly wanted: Readonly<Record<string, unknown>>;
}

export interface YamlAnswers {
  readonly parse: ParsedYaml;
  /** The values of all documents, or of those before the one that is wrong, and what is wrong with that. */
  readonly documents: {
    readonly values: readonly unknown[];
    /** That of each document. */
    readonly texts: readonly string[];
    readonly problem: string | null;
  };
  /** The new texts. */
  readonly edit: readonly string[];
  readonly enable: { readonly text: string } | { readonly problems: readonly (Problem | string)[] };
}

export function doYamlJob(job: YamlJob): YamlAnswers[YamlJob['kind']] {
  switch (job.kind) {
    case 'parse':
      return parsedYaml(job.text, job.limits);
    case 'documents':
      return valuesIn(job.text);
    case 'edit':
      return job.edits.map(({ text, wanted }) => editedDefinition(text, wanted));
    case 'enable':
      return withEnabled(job.text, job.enabled);
  }
}

/** What a text of several documents says. */
export function valuesIn(text: string): YamlAnswers['documents'] {
  const values: unknown[] = [];
  const texts: string[] = [];
  try {
    for (const { text: own, document } of documentsIn(text, DEFINITION_LIMITS)) {
      const [error] = document.errors;
      if (error !== undefined) return { values, texts, problem: `expected YAML: ${error.message}` };
      values.push(plainValue(document));
      texts.push(own);
    }
  } catch (error) {
    if (!(error instanceof UnreadableYaml)) throw error;
    const before = values.filter((value) => value !== null).length;
    return { values, texts, problem: `definition ${before + 1}: it ${error.message}` };
  }
  return { values, texts, problem: null };
}
