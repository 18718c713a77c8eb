/** How FRR writes the syntax of its commands (FRR developer's guide, "Command Line Interface"). */
export type Syntax =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'sequence'; readonly items: readonly Syntax[] }
  /** `<a|b>` */
  | { readonly kind: 'one-of'; readonly choices: readonly Syntax[] }
  /** `[a]` */
  | { readonly kind: 'optional'; readonly item: Syntax }
  /** `{a|b}`: each at most once, at least one, in any order. */
  | { readonly kind: 'any-of'; readonly choices: readonly Syntax[] }
  /** `WORD...` */
  | { readonly kind: 'repeated'; readonly item: Syntax };

const CLOSING = { '<': '>', '[': ']', '{': '}' } as const;
type Opening = keyof typeof CLOSING;

/** One line of `list`. undefined if the brackets do not fit together. */
export function parseSyntax(text: string): Syntax | undefined {
  const parser = new Parser(text);
  const choices = parser.choices(undefined);
  return choices?.length === 1 ? choices[0] : undefined;
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Sequences with `|` between them, up to the closing bracket. */
  choices(closing: string | undefined): Syntax[] | undefined {
    const choices: Syntax[] = [];
    for (;;) {
      const items = this.#items();
      if (items === undefined) return undefined;
      choices.push({ kind: 'sequence', items });
      const next = this.#text[this.#at];
      if (next === '|' && closing !== undefined) {
        this.#at += 1;
        continue;
      }
      if (next !== closing) return undefined;
      this.#at += 1;
      return choices;
    }
  }

  #items(): Syntax[] | undefined {
    const items: Syntax[] = [];
    for (;;) {
      while (this.#text[this.#at] === ' ') this.#at += 1;
      const next = this.#text[this.#at];
      if (next === undefined || next === '|' || next === '>' || next === ']' || next === '}') return items;
      const item = this.#item(next);
      if (item === undefined) return undefined;
      items.push(item);
    }
  }

  #item(first: string): Syntax | undefined {
    // `![no]`: FRR 10 writes so what is only there together with `no`.
    if (first === '!') this.#at += 1;
    const opening = this.#text[this.#at];
    const item = opening !== undefined && opening in CLOSING ? this.#bracket(opening as Opening) : this.#word();
    if (item === undefined) return undefined;
    this.#skip(/\$[\w-]+/y);
    return this.#skip(/\.\.\./y) ? { kind: 'repeated', item } : item;
  }

  #bracket(opening: Opening): Syntax | undefined {
    this.#at += 1;
    const choices = this.choices(CLOSING[opening]);
    if (choices === undefined) return undefined;
    if (opening === '{') return { kind: 'any-of', choices };
    const item: Syntax = { kind: 'one-of', choices };
    return opening === '[' ? { kind: 'optional', item } : item;
  }

  #word(): Syntax | undefined {
    // Two dots or less belong to the word (A.B.C.D), three repeat it; a range is in parentheses.
    const text = this.#skip(/\([^)]*\)|(?:(?!\.\.\.)[^\s|<>[\]{}$!])+/y);
    return text === undefined ? undefined : { kind: 'word', text };
  }

  #skip(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}
