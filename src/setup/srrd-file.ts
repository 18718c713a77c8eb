import { type Document, isAlias, isMap, isNode, isScalar, parseDocument, visit } from 'yaml';

/** A key of srrd.yaml, and what it is to be. */
export interface YamlKey {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** srrd.yaml with these keys; comments and all other keys stay. Throws an Error, in words, if it is no YAML. */
export function withKeys(text: string, keys: readonly YamlKey[]): string {
  if (keys.length === 0) return text;
  const document: Document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) throw new Error(`expected YAML: ${problem.message.split('\n')[0]}`);
  if (document.contents === null) document.contents = document.createNode({});
  if (!isMap(document.contents)) throw new Error('expected keys and values, such as `node: { name: alpha }`');
  if (document.contents.items.length === 0) document.contents.flow = false;
  for (const { path, value } of keys) {
    for (let depth = 1; depth < path.length; depth += 1) openSection(document, path.slice(0, depth));
    document.setIn(path, document.createNode(value));
  }
  return document.toString({ lineWidth: 0 });
}

/** A section of comments alone is one without keys. */
function openSection(document: Document, path: readonly string[]): void {
  const there = document.getIn(path, true);
  if (there === undefined || isMap(there)) return;
  if (!isScalar(there) || there.value !== null)
    throw new Error(`expected keys and values below ${path.join('.')}, got something else: write them by hand`);
  const section = document.createNode({});
  section.commentBefore = [there.commentBefore, there.comment].filter((comment) => comment).join('\n') || null;
  document.setIn(path, section);
}

const SECRET = /pass|secret|token|key/i;
const IN_COMMENT = /(#.*?(?:pass|secret|token|key)[\w.-]*["']?\s*[:=]\s*)\S.*$/gim;

/** For people: what keys say whose names sound like secrets is left out, in comments too. */
export function withoutSecrets(text: string): string {
  const document = parseDocument(text, { logLevel: 'error' });
  const places: { readonly from: number; readonly to: number }[] = [];
  const hide = (value: unknown): void => {
    if (isAlias(value)) hide(value.resolve(document));
    if (!isNode(value) || !value.range) return;
    const [from, to] = value.range;
    if (to > from) places.push({ from, to });
  };
  visit(document, {
    Pair: (_, { key, value }) => {
      if (isScalar(key) && SECRET.test(String(key.value))) hide(value);
    },
  });
  let shown = '';
  let at = 0;
  for (const { from, to } of places.toSorted((a, b) => a.from - b.from)) {
    if (from >= at) shown += `${text.slice(at, from)}***${text[to - 1] === '\n' ? '\n' : ''}`;
    at = Math.max(at, to);
  }
  return (shown + text.slice(at)).replace(IN_COMMENT, '$1***');
}
