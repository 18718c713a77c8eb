/** What a file would say, and what is another in it. */
export interface EditedLines {
  readonly text: string;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/**
 * FRR's configuration with these lines below `router ospf`: each in the place of the line that says something else of the
 * same, or at the end of the block. null: there is no such block.
 */
export function withRouterLines(text: string, wanted: readonly string[]): EditedLines | null {
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => /^router ospf\s*$/.test(line));
  if (begin < 0) return null;
  const end = endOfBlock(lines, begin);
  const block = lines.slice(begin + 1, end);
  const removed: string[] = [];
  const added: string[] = [];
  const missing = wanted.filter((line) => {
    const places = block.flatMap((other, at) => (subject(other) === subject(line) ? [at] : []));
    const [first] = places;
    if (first === undefined) return true;
    // FRR takes the last of several: all of them become this one.
    if (places.every((at) => block[at]?.trim() === line)) return false;
    for (const at of places) {
      removed.push(block[at] ?? '');
      block[at] = ` ${line}`;
    }
    added.push(...places.map(() => ` ${line}`));
    return false;
  });
  const appended = missing.map((line) => ` ${line}`);
  const edited = [...lines.slice(0, begin + 1), ...block, ...appended, ...lines.slice(end)];
  return { text: edited.join('\n'), removed, added: [...added, ...appended] };
}

/** The line after the last that belongs to the block: FRR ends it with `exit`, with `!`, or with the next block. */
function endOfBlock(lines: readonly string[], begin: number): number {
  const length = lines.slice(begin + 1).findIndex((line) => line.trim() === '' || !/^\s/.test(line));
  return length < 0 ? lines.length : begin + 1 + length;
}

/** What a line is about: `no`, and the numbers at its end, say only what of it. */
function subject(line: string): string {
  return line
    .trim()
    .replace(/^no /, '')
    .replace(/(\s+\d+)+$/, '');
}
