import { isPlaceholder } from './console-connection.js';
import { parseSyntax, type Syntax } from './grammar.js';

/** So many steps are taken for one line of syntax, in case someone writes a syntax with very many ways through. */
const MOST_STEPS = 20_000;

/** The commands of one mode, as the daemon's `list` names them. */
export function parseList(text: string): Syntax[] {
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : (parseSyntax(line.trim()) ?? [])));
}

/** What may follow these words, sorted; `<cr>` if nothing need follow. Words may be abbreviated, as in FRR. */
export function nextWords(commands: readonly Syntax[], words: readonly string[]): string[] {
  const found = new Set<string>();
  for (const command of commands) {
    const walk = new Walk(words, found);
    walk.follow(command, 0, (at) => {
      if (at === words.length) found.add('<cr>');
    });
  }
  return [...found].sort((a, b) => Number(a === '<cr>') - Number(b === '<cr>') || (a < b ? -1 : 1));
}

/** All ways through a syntax that agree with the words; collects what they meet behind the last word. */
class Walk {
  readonly #words: readonly string[];
  readonly #found: Set<string>;
  #steps = 0;

  constructor(words: readonly string[], found: Set<string>) {
    this.#words = words;
    this.#found = found;
  }

  follow(syntax: Syntax, at: number, then: (at: number) => void): void {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS) return;
    switch (syntax.kind) {
      case 'word':
        return this.#word(syntax.text, at, then);
      case 'sequence':
        return this.#sequence(syntax.items, 0, at, then);
      case 'one-of':
        for (const choice of syntax.choices) this.follow(choice, at, then);
        return;
      case 'optional':
        this.follow(syntax.item, at, then);
        return then(at);
      case 'any-of':
        return this.#anyOf(syntax.choices, at, then);
      case 'repeated':
        return this.follow(syntax.item, at, (after) => {
          then(after);
          if (after > at) this.follow(syntax, after, then);
        });
    }
  }

  #word(text: string, at: number, then: (at: number) => void): void {
    const word = this.#words[at];
    if (word === undefined) this.#found.add(text);
    else if (agrees(text, word)) then(at + 1);
  }

  #sequence(items: readonly Syntax[], index: number, at: number, then: (at: number) => void): void {
    const item = items[index];
    if (item === undefined) return then(at);
    this.follow(item, at, (after) => this.#sequence(items, index + 1, after, then));
  }

  #anyOf(choices: readonly Syntax[], at: number, then: (at: number) => void): void {
    for (const choice of choices) {
      const others = choices.filter((other) => other !== choice);
      this.follow(choice, at, (after) => {
        then(after);
        if (after > at && others.length > 0) this.#anyOf(others, after, then);
      });
    }
  }
}

function agrees(syntax: string, word: string): boolean {
  if (!isPlaceholder(syntax)) return syntax.startsWith(word);
  const range = /^\((-?\d+)-(-?\d+)\)$/.exec(syntax);
  if (range !== null)
    return /^-?\d+$/.test(word) && Number(word) >= Number(range[1]) && Number(word) <= Number(range[2]);
  if (syntax === 'A.B.C.D') return /^\d+(\.\d+){0,3}$/.test(word);
  if (syntax === 'A.B.C.D/M') return /^\d+(\.\d+){0,3}(\/\d*)?$/.test(word);
  if (syntax.startsWith('X:X')) return word.includes(':');
  return true;
}
