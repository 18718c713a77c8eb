import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar } from 'yaml';
import type { Problem } from './problems.js';
import { DEFINITION_LIMITS, parseBounded, plainValue } from './yaml-document.js';
import { parsedYaml } from './yaml-file.js';

/**
 * The text of a definition with `enabled`, by the first way of writing it, from the gentlest on, whose result says all that it
 * said; or what is wrong with it.
 */
export function withEnabled(
  text: string,
  enabled: boolean,
): { readonly text: string } | { readonly problems: readonly (Problem | string)[] } {
  const parsed = parsedYaml(text, DEFINITION_LIMITS);
  if ('problems' in parsed) return parsed;
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problems: ['expected a section of keys; put the file right first'] };
  }
  const wanted = { ...value, enabled };
  for (const write of [replaceValue, appendLine, rewrite]) {
    const changed = write(text, enabled);
    if (isDeepStrictEqual(parsedValue(changed), wanted)) return { text: changed };
  }
  return { problems: [`'enabled: ${enabled}' could not be written into it; please edit it by hand`] };
}

function parsedValue(text: string): unknown {
  const document = parseBounded(text, DEFINITION_LIMITS);
  return document.errors.length > 0 ? undefined : plainValue(document);
}

/** Changes nothing but the bytes of the value. */
function replaceValue(text: string, enabled: boolean): string {
  const { contents } = parseBounded(text, DEFINITION_LIMITS);
  const node = isMap(contents) ? contents.get('enabled', true) : undefined;
  if (!isScalar(node) || !node.range) return text;
  return text.slice(0, node.range[0]) + String(enabled) + text.slice(node.range[1]);
}

function appendLine(text: string, enabled: boolean): string {
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}enabled: ${enabled}\n`;
}

/** Keeps comments, but may lay the file out anew. */
function rewrite(text: string, enabled: boolean): string {
  const document = parseBounded(text, DEFINITION_LIMITS);
  document.set('enabled', enabled);
  return document.toString({ lineWidth: 0 });
}
