import { type Document, isMap, parseDocument } from 'yaml';

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
  for (const { path, value } of keys) document.setIn(path, document.createNode(value));
  return document.toString({ lineWidth: 0 });
}
