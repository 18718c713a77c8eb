/** A manual page in parts that a page can show. Only what our own pages use; the text is never taken for HTML. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string; readonly anchor: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

export type Span =
  | { readonly kind: 'text' | 'code' | 'strong' | 'emphasis'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

/** Cuts Markdown (CommonMark with tables, as in docs/) into blocks. */
export function blocksOf(markdown: string): Block[] {
  const lines = markdown.replace(/<!--[\s\S]*?-->\n?/g, '').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const { block, next } = blockAt(lines, at);
    if (block !== null) blocks.push(block);
    at = next;
  }
  return blocks;
}

interface Found {
  readonly block: Block | null;
  readonly next: number;
}

const LIST_ITEM = /^\s{0,3}([-*]|\d+\.)\s+(.*)$/;

function blockAt(lines: readonly string[], at: number): Found {
  const line = lines[at] ?? '';
  if (line.trim() === '') return { block: null, next: at + 1 };
  const heading = /^(#{1,6}) (.*)$/.exec(line);
  if (heading !== null) {
    const [, marks = '', text = ''] = heading;
    return { block: { kind: 'heading', level: marks.length, text, anchor: anchorOf(text) }, next: at + 1 };
  }
  if (line.startsWith('```')) return codeAt(lines, at);
  if (line.startsWith('|')) return tableAt(lines, at);
  if (LIST_ITEM.test(line)) return listAt(lines, at);
  return paragraphAt(lines, at);
}

/** As GitHub makes them: lower case, hyphens for spaces, nothing else. */
export function anchorOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

function codeAt(lines: readonly string[], at: number): Found {
  let end = at + 1;
  while (end < lines.length && !lines[end]?.startsWith('```')) end += 1;
  return { block: { kind: 'code', text: lines.slice(at + 1, end).join('\n') }, next: end + 1 };
}

function tableAt(lines: readonly string[], at: number): Found {
  let end = at;
  while (lines[end]?.startsWith('|')) end += 1;
  const [head = [], , ...rows] = lines.slice(at, end).map(cellsOf);
  return { block: { kind: 'table', head, rows }, next: end };
}

/** A bar with a backslash before it, or within code, is no border. */
function cellsOf(line: string): string[] {
  const inner = line.trim().replace(/^\|/, '').replace(/\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function listAt(lines: readonly string[], at: number): Found {
  const items: string[] = [];
  let end = at;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? '';
    const item = LIST_ITEM.exec(line);
    if (item !== null) items.push(item[2] ?? '');
    else if (/^\s{2,}\S/.test(line) && items.length > 0) items.push(`${items.pop() ?? ''} ${line.trim()}`);
    else break;
  }
  return { block: { kind: 'list', ordered: /^\s*\d/.test(lines[at] ?? ''), items }, next: end };
}

function paragraphAt(lines: readonly string[], at: number): Found {
  let end = at;
  const isText = (line: string | undefined): boolean =>
    line !== undefined && line.trim() !== '' && !/^(#{1,6} |```|\|)/.test(line) && !LIST_ITEM.test(line);
  do end += 1;
  while (isText(lines[end]));
  return { block: { kind: 'paragraph', text: lines.slice(at, end).join(' ') }, next: end };
}

const SPAN =
  /!\[([^\]]*)\]\([^)\s]+\)|`([^`]+)`|\*\*([^*]+)\*\*|\[((?:[^\]`]|`[^`]*`)+)\]\(([^)\s]+)\)|(?<![\w*])\*([^*\s][^*]*)\*(?!\w)/g;

/** Cuts a line of text into spans. */
export function spansOf(text: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const match of text.matchAll(SPAN)) {
    if (match.index > end) spans.push({ kind: 'text', text: text.slice(end, match.index) });
    spans.push(spanOf(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) spans.push({ kind: 'text', text: text.slice(end) });
  return spans;
}

function spanOf([, picture, code, strong, linkText, href, emphasis]: RegExpMatchArray): Span {
  // The manual has no pictures: what they show is on the pages themselves.
  if (picture !== undefined) return { kind: 'emphasis', text: picture };
  if (code !== undefined) return { kind: 'code', text: code };
  if (strong !== undefined) return { kind: 'strong', text: strong };
  if (linkText !== undefined && href !== undefined) return { kind: 'link', text: linkText, href };
  return { kind: 'emphasis', text: emphasis ?? '' };
}
