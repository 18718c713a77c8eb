/** The `key=value` words of a line, and the others. */
export function splitOptions(words: readonly string[]): {
  readonly names: readonly string[];
  readonly options: ReadonlyMap<string, string>;
} {
  const isOption = (word: string) => word.includes('=');
  return {
    names: words.filter((word) => !isOption(word)),
    options: new Map(words.filter(isOption).map((word) => word.split('=') as [string, string])),
  };
}

/** `500ms`, `5s`, `2m`. Throws an Error that names the line. */
export function durationMs(text: string, line: string): number {
  const match = /^(\d+)(ms|s|m)$/.exec(text);
  if (match === null) throw new Error(`expected a duration such as 500ms or 5s, got "${text}" in: ${line}`);
  const unit = { ms: 1, s: 1000, m: 60_000 }[match[2] as 'ms' | 's' | 'm'];
  return Number(match[1]) * unit;
}

export function unquoted(text: string): string {
  return text.replaceAll('"', '');
}

export function splitAt(words: readonly string[], separator: string): string[][] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (word === separator) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}
