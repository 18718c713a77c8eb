import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Mutation } from './list.js';

/** What a mutation makes of a text; null: the text does not have what it breaks, exactly once. */
export function mutated(text: string, mutation: Mutation): string | null {
  if ('find' in mutation) {
    const { find, replace } = mutation;
    return text.split(find).length === 2 ? text.replace(find, () => replace) : null;
  }
  const body = bodyOf(text, mutation.rule);
  return body === null ? null : `${text.slice(0, body)}  ${mutation.begins}\n${text.slice(body)}`;
}

/** The core, the words that follow from its data alone, and what simulated daemons have of the real transport. */
const FOLDERS = ['cluster', 'flooding', 'model'];

/** The files in `src` that have what the mutation breaks; it should be one. */
export function filesOf(src: string, mutation: Mutation): string[] {
  return FOLDERS.flatMap((folder) => readdirSync(`${src}/${folder}`, { recursive: true }).map((f) => `${folder}/${f}`))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => mutated(readFileSync(`${src}/${file}`, 'utf8'), mutation) !== null);
}

/** Breaks the core in this `src`. Throws an Error if what is broken is not there, once: then the list is out of date. */
export function breakCore(src: string, mutation: Mutation): void {
  const files = filesOf(src, mutation);
  const [file] = files;
  if (file === undefined || files.length > 1) {
    const found = files.length === 0 ? 'no file' : files.join(' and ');
    throw new Error(
      `"${mutation.name}": expected what it breaks in one file, got it in ${found}; update mutations/list.ts`,
    );
  }
  const path = `${src}/${file}`;
  const text = mutated(readFileSync(path, 'utf8'), mutation);
  if (text !== null) writeFileSync(path, text);
}

/** Where the body of this function begins; null: there is no such function. */
function bodyOf(text: string, rule: string): number | null {
  const head = new RegExp(`^(?:export )?function\\*? ${rule}\\((?:.*|\\n(?:  .*\\n)*\\).*) \\{\\n`, 'm').exec(text);
  return head === null ? null : head.index + head[0].length;
}
