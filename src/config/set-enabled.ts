import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar } from 'yaml';
import { isName } from '../lsa/limits.js';
import { ConfigurationError, systemErrorText } from './errors.js';
import { writeAtomically } from './json-file.js';
import { DEFINITION_LIMITS, parseBounded, plainValue } from './yaml-document.js';
import { parseYaml, readText } from './yaml-file.js';

/**
 * Writes `enabled` into `STATEDIR/services/NAME.yaml`, atomically. All else in the file stays as it is, comments
 * included, and layout too if the file is written one key a line. Throws a ConfigurationError if there is no such file, if it is not YAML or cannot be written.
 */
export function setEnabled(stateDir: string, name: string, enabled: boolean): void {
  const file = definitionPath(stateDir, name);
  const text = readText(file, DEFINITION_LIMITS);
  const changed = withEnabled(file, text, enabled);
  if (changed === text) return;
  try {
    writeAtomically(file, changed, { keepOwner: true });
  } catch (error) {
    throw new ConfigurationError(file, [`cannot be written: ${systemErrorText(error)}`]);
  }
}

/** The file itself where it is a link: the link stays. */
function definitionPath(stateDir: string, name: string): string {
  const file = join(stateDir, 'services', `${name}.yaml`);
  if (!isName(name)) throw new ConfigurationError(file, [`'${name}' is not the name of a service`]);
  try {
    return realpathSync(file);
  } catch (error) {
    throw new ConfigurationError(file, [`cannot be read: ${systemErrorText(error)}`]);
  }
}

/** The first way of writing it, from the gentlest on, whose result says all that the file said, and `enabled`. */
function withEnabled(file: string, text: string, enabled: boolean): string {
  const { value } = parseYaml(file, text, DEFINITION_LIMITS);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigurationError(file, ['expected a section of keys; put the file right first']);
  }
  const wanted = { ...value, enabled };
  for (const write of [replaceValue, appendLine, rewrite]) {
    const changed = write(text, enabled);
    if (isDeepStrictEqual(parsedValue(changed), wanted)) return changed;
  }
  throw new ConfigurationError(file, [`'enabled: ${enabled}' could not be written into it; please edit it by hand`]);
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
