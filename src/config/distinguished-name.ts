/** One attribute of a certificate's subject: its short name as OpenSSL writes it (CN, O, OU, emailAddress), its value. */
export interface Attribute {
  readonly type: string;
  readonly value: string;
}

/**
 * Reads a subject as RFC 4514 writes it: `CN=anna,O=Shop`, with `\,` for a comma that belongs to a value and `\XX` for a
 * byte. Attributes joined by `+` are taken like the others. undefined: it is none.
 */
export function parseDistinguishedName(text: string): readonly Attribute[] | undefined {
  const attributes = splitAtSeparators(text).map(parseAttribute);
  return attributes.every((attribute) => attribute !== undefined) ? attributes : undefined;
}

/** A character, or what a backslash and what follows it stand for. */
const TOKEN = /\\[0-9A-Fa-f]{2}|\\.|\\|[^\\]/gsu;

function tokens(text: string): string[] {
  return [...text.matchAll(TOKEN)].map(([token]) => token);
}

/** At each `,` and `+` that no backslash precedes. */
function splitAtSeparators(text: string): string[][] {
  const parts: string[][] = [[]];
  for (const token of tokens(text)) {
    if (token === ',' || token === '+') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function parseAttribute(part: readonly string[]): Attribute | undefined {
  const equals = part.indexOf('=');
  const type = part.slice(0, Math.max(equals, 0)).join('').trim();
  const value = unescaped(trim(part.slice(equals + 1)));
  if (!/^([A-Za-z][A-Za-z0-9-]*|\d+(\.\d+)+)$/.test(type) || value === undefined || value === '') return undefined;
  return { type, value };
}

/** Without the spaces around it; one that is escaped stays. */
function trim(value: readonly string[]): readonly string[] {
  const begin = value.findIndex((token) => token !== ' ');
  const end = value.findLastIndex((token) => token !== ' ');
  return begin < 0 ? [] : value.slice(begin, end + 1);
}

/** What RFC 4514 section 2.4 allows behind a backslash, and (but for `=`, `#` and the space) asks one for. */
const ESCAPABLE = ' "#+,;<=>\\';
const MUST_BE_ESCAPED = '";<>';

function unescaped(value: readonly string[]): string | undefined {
  const bytes = value.map((token) => {
    if (!token.startsWith('\\')) return MUST_BE_ESCAPED.includes(token) ? undefined : Buffer.from(token);
    const escaped = token.slice(1);
    if (escaped.length === 2 && /^[0-9A-Fa-f]{2}$/.test(escaped)) return Buffer.from(escaped, 'hex');
    return escaped !== '' && ESCAPABLE.includes(escaped) ? Buffer.from(escaped) : undefined;
  });
  return bytes.every((part) => part !== undefined) ? Buffer.concat(bytes).toString('utf8') : undefined;
}
