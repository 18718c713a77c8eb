import { COMMENT, type Context, spansOf, words } from './spans.js';

/**
 * FRR's configuration with these lines in this context: each in the place of the line that says something else of the same,
 * or at the end of the block. A block that is not there is put at the end. Throws an Error, in words, where it is not certain
 * which lines are in the block.
 */
export function withLines(text: string, context: Context, wanted: readonly string[]): string {
  const lines = text.split('\n');
  const spans = spansOf(lines, context);
  const [first] = spans;
  if (first === undefined) return withBlock(lines, context, wanted).join('\n');
  const places = spans.flatMap(({ begin, end }) => Array.from({ length: end - begin }, (_, at) => begin + at));
  const indent = ' '.repeat(context.length);
  const missing = wanted.filter((line) => {
    const same = places.filter((at) => subject(lines[at] ?? '') === subject(line));
    // FRR takes the last of several: all of them become this one.
    for (const at of same) if (words(lines[at] ?? '') !== line) lines[at] = indent + line;
    return same.length === 0;
  });
  lines.splice(first.end, 0, ...missing.map((line) => indent + line));
  return lines.join('\n');
}

/** The lines that a text has in this context. */
export function linesIn(text: string, context: Context): readonly string[] {
  const lines = text.split('\n');
  return spansOf(lines, context).flatMap(({ begin, end }) =>
    lines
      .slice(begin, end)
      .filter((line) => !COMMENT.test(line))
      .map(words),
  );
}

/** What a line is about: `no`, and the numbers, names and keys at its end, say only what of it. */
export function subject(line: string): string {
  return words(line)
    .replace(/^no /, '')
    .replace(/^(ip ospf bfd profile|ip ospf authentication|ospf router-id) \S+$/, '$1')
    .replace(/^(ip ospf message-digest-key \d+) md5 .*$/, '$1')
    .replace(/^(.*[a-z-])( \d+)+$/, (line, start: string) => (/key$/.test(start) ? line : start))
    .replace(/^ospf opaque-lsa$/, 'capability opaque');
}

/** Behind a line `end` FRR reads no configuration any more. */
function withBlock(lines: readonly string[], context: Context, wanted: readonly string[]): readonly string[] {
  const [outer = '', inner] = context;
  const bfd = inner === undefined ? -1 : lines.findIndex((line) => words(line) === outer);
  const below = inner === undefined ? wanted.map((line) => ` ${line}`) : nested(inner, wanted);
  if (bfd >= 0) return [...lines.slice(0, bfd + 1), ...below, ...lines.slice(bfd + 1)];
  const end = lines.findLastIndex((line) => !COMMENT.test(line));
  const at = words(lines[end] ?? '') === 'end' ? end : lines.findLastIndex((line) => line.trim() !== '') + 1;
  return [...lines.slice(0, at), '!', outer, ...below, 'exit', ...(at < lines.length ? lines.slice(at) : [''])];
}

function nested(inner: string, wanted: readonly string[]): readonly string[] {
  return [` ${inner}`, ...wanted.map((line) => `  ${line}`), ' exit'];
}
