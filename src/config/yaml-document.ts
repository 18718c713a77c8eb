import { type Document, isMap, isScalar, Lexer, type Pair, parseDocument, visit, YAMLParseError } from 'yaml';

/** How much YAML is read at all, since the daemon does nothing else while it is parsed. */
export interface YamlLimits {
  readonly bytes: number;
  /** As the lexer counts them: TOKENS_PER_KEY for a line with a key and its value. */
  readonly tokens: number;
}

/** The indent, a mark and the key, the colon, a space, a mark and the value, the newline. */
const TOKENS_PER_KEY = 8;

/** A definition: 500 keys, of which most are variables. */
export const DEFINITION_LIMITS: YamlLimits = { bytes: 64 * 1024, tokens: 4_000 };

/** The configuration, which is read at the start and on SIGHUP: room for 900 rules in `web.access`. */
export const CONFIGURATION_LIMITS: YamlLimits = { bytes: 256 * 1024, tokens: 20_000 };

/** The lexer's mark before a text without quotes. */
const SCALAR = '\x1f';

/** No file of ours has more than four. */
const MAX_DEPTH = 16;

/** The text is more, or nested deeper, than is read, or means nothing. The message goes on after "it" or a file's name. */
export class UnreadableYaml extends Error {
  override readonly name = 'UnreadableYaml';
}

/**
 * Parses one document of YAML 1.2, whose `errors` say what is wrong with it. Throws UnreadableYaml beyond the limits, before
 * anything is done that takes long: the parser compares each key with all others of its section, and takes many times as
 * long for what is wrong as for what is right.
 */
export function parseBounded(
  text: string,
  limits: YamlLimits,
  options: { lineCounter?: import('yaml').LineCounter } = {},
): Document.Parsed {
  const length = Buffer.byteLength(text);
  if (length > limits.bytes) throw new UnreadableYaml(`has ${length} bytes, at most ${limits.bytes} are read`);
  countTokens(text, limits.tokens);
  // Else it writes a warning on stderr for a key that is a list; the key is unknown all the same.
  const document = parseDocument(text, { ...options, prettyErrors: false, uniqueKeys: false, logLevel: 'error' });
  document.errors = document.errors.map(inOurWords);
  document.errors.push(...wrongKeys(document));
  return document;
}

/** What the parser says of a second document is for programmers; and some of its words repeat the text, which may be a password. */
function inOurWords({ pos, code, message }: YAMLParseError): YAMLParseError {
  const words =
    code === 'MULTIPLE_DOCS'
      ? 'expected one document, got several: --- begins another one'
      : message.replace(/(: |\s*\\).*$/s, '');
  return new YAMLParseError(pos, code, words);
}

/**
 * The documents in a text of several, each with the limits of one. Throws UnreadableYaml. A line that begins with `---` ends a
 * document whatever it is in the middle of (YAML 1.2, section 9.1.2). Before it may be directives of the next one, of which only
 * `%YAML 1.2` is taken, as in a file of one.
 */
export function* documentsIn(text: string, limits: YamlLimits): Generator<OneOfSeveral> {
  const parts = text.split(/^---(?=\s|$)/m);
  for (const [at, whole] of parts.entries()) {
    const part = at < parts.length - 1 ? withoutDirectives(whole) : whole;
    if (part.trim() !== '') yield { text: part.trimStart(), document: parseBounded(part, limits) };
  }
}

/** Directives are at the start of the text, or behind a line `...`. */
function withoutDirectives(part: string): string {
  const lines = part.split('\n');
  const end = lines.findLastIndex((line) => !/^\ufeff?(\s*|\s*#.*|%YAML\s+1\.2\s*)$/.test(line));
  return end < 0 || /^\.\.\.(\s|$)/.test(lines[end] ?? '') ? lines.slice(0, end + 1).join('\n') : part;
}

export interface OneOfSeveral {
  readonly text: string;
  readonly document: Document.Parsed;
}

/** A sentence if a value that came as JSON is more, or nested deeper, than a file would be read; undefined if it is not. */
export function tooMuchIn(value: unknown, { tokens }: YamlLimits): string | undefined {
  const waiting = [{ value, depth: 0 }];
  for (let seen = 0; ; seen += 1) {
    const next = waiting.pop();
    if (next === undefined) return undefined;
    if (seen > tokens / TOKENS_PER_KEY)
      return `has more than some ${Math.floor(tokens / TOKENS_PER_KEY)} keys: it is no such file`;
    if (next.depth > MAX_DEPTH) return tooDeep().message;
    if (typeof next.value !== 'object' || next.value === null) continue;
    for (const inner of Object.values(next.value)) waiting.push({ value: inner, depth: next.depth + 1 });
  }
}

/** Stops at the limit: a lexer takes its time too. */
function countTokens(text: string, most: number): void {
  let count = 0;
  let open = 0;
  let inARow = 0;
  let before = '';
  for (const token of new Lexer().lex(text)) {
    count += 1;
    if (token.startsWith('%') && before !== SCALAR && !/^%YAML\s+1\.2\s*$/.test(token)) throw directive(token);
    before = token;
    if (count > most)
      throw new UnreadableYaml(`has more than some ${Math.floor(most / TOKENS_PER_KEY)} keys: it is no such file`);
    if (token === '{' || token === '[') open += 1;
    else if (token === '}' || token === ']') open -= 1;
    // `- - - -` and `? ? ? ?` nest without a bracket.
    if (token === '-' || token === '?') inARow += 1;
    else if (token.trim() !== '' || token.includes('\n')) inARow = 0;
    if (open > MAX_DEPTH || inARow > MAX_DEPTH) throw tooDeep();
  }
}

/** `%YAML 1.1` would make true of `yes` and another number of `010`, here and not in the next file. */
function directive(token: string): UnreadableYaml {
  const shown = JSON.stringify(token.trim().slice(0, 40));
  return new UnreadableYaml(`has the directive ${shown}: files are read as YAML 1.2 says, so take it out`);
}

/** Throws UnreadableYaml for aliases that name nothing, or that would expand without end. */
export function plainValue(document: Document.Parsed): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Its words name the alias: a password that begins with `*` and has no quotes is one.
    const why = 'an alias (`*NAME`) has no anchor, or there are too many; a value that begins with `*` needs quotes';
    throw new UnreadableYaml(`is not valid YAML: ${why}`);
  }
}

/** There twice; or one that an object takes for something else, so that what it says would be lost without a word. */
function wrongKeys(document: Document.Parsed): YAMLParseError[] {
  const errors: YAMLParseError[] = [];
  visit(document, {
    Node: (_key, node, path) => {
      if (path.length > 3 * MAX_DEPTH) throw tooDeep();
      if (!isMap(node)) return;
      const seen = new Set<unknown>();
      for (const { key } of node.items as Pair[]) {
        if (!isScalar(key)) continue;
        const [from = 0, to = from] = key.range ?? [];
        if (seen.has(key.value)) {
          errors.push(new YAMLParseError([from, to], 'DUPLICATE_KEY', 'Map keys must be unique'));
        }
        if (key.value === '__proto__') {
          errors.push(new YAMLParseError([from, to], 'BAD_SCALAR_START', 'expected a key other than __proto__'));
        }
        seen.add(key.value);
      }
    },
  });
  return errors;
}

function tooDeep(): UnreadableYaml {
  return new UnreadableYaml(`is nested more than ${MAX_DEPTH} deep: it is no such file`);
}
