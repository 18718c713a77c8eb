import { KEY_GROUPS, type KeyRow, TIMEOUTS_MS } from '../../../src/tables/index.js';

/** A definition as its file has it: durations as text, absent keys have their defaults. */
export type WrittenDefinition = { readonly name: string } & Readonly<Record<string, unknown>>;

/** How a key of a definition is written in the form. A list is separated by spaces or commas, a table is lines KEY=VALUE. */
export type FieldKind = 'text' | 'integer' | 'list' | 'flag' | 'choice' | 'table';

export interface Field {
  /** `check.interval` is `interval` in the section `check`. */
  readonly key: string;
  readonly kind: FieldKind;
  /** Shown where nothing is written: what the daemon then takes (docs/configuration.md). */
  readonly byDefault: string;
  readonly help: string;
  readonly choices?: readonly string[];
}

export interface FieldGroup {
  readonly title: string;
  readonly fields: readonly Field[];
  /** Folded until somebody opens it, or something in it is written or wrong. */
  readonly folded?: boolean;
}

const YES_NO = ['true', 'false'] as const;

export const FIELD_GROUPS: readonly FieldGroup[] = [
  ...KEY_GROUPS.map(({ keys, ...group }) => ({ ...group, fields: Object.entries(keys).map(fieldOf) })),
  {
    title: 'Time limits',
    folded: true,
    fields: Object.entries(TIMEOUTS_MS).map(([primitive, ms]) =>
      fieldOf([`timeouts.${primitive}`, { is: 'duration', default: `${ms / 1000}s`, help: '' }]),
    ),
  },
];

export const FIELDS: readonly Field[] = FIELD_GROUPS.flatMap(({ fields }) => fields);

/** What is written in each field; a field that is not there, or empty, has its default. */
export type FormValues = Readonly<Record<string, string>>;

/** The form of a definition. */
export function valuesOf(definition: Readonly<Record<string, unknown>>): FormValues {
  const values: Record<string, string> = {};
  for (const { key } of FIELDS) {
    const value = lookUp(definition, key);
    if (value !== undefined && value !== null) values[key] = textOf(value);
  }
  return values;
}

/** The definition that a form describes. What is no number where one is wanted stays text: the daemon's rules say so. */
export function definitionOf(values: FormValues): WrittenDefinition {
  const definition: Record<string, unknown> = {};
  for (const { key, kind } of FIELDS) {
    const text = (values[key] ?? '').trim();
    if (text === '') continue;
    const [section, name] = key.split('.');
    if (section === undefined) continue;
    const value = fieldValue(kind, text);
    if (name === undefined) definition[section] = value;
    else definition[section] = { ...(definition[section] as object | undefined), [name]: value };
  }
  return { name: '', ...definition };
}

function fieldOf([key, row]: readonly [string, KeyRow]): Field {
  const byDefault = row.otherwise ?? defaultWords(row.default);
  const choices = row.is === 'flag' ? YES_NO : row.choices;
  return { key, kind: fieldKind(row.is), byDefault, help: row.help, ...(choices && { choices }) };
}

function defaultWords(value: KeyRow['default']): string {
  return typeof value === 'object' ? 'none' : String(value ?? '');
}

function fieldKind(is: KeyRow['is']): FieldKind {
  switch (is) {
    case 'flag':
    case 'choice':
      return is;
    case 'integer':
    case 'port':
      return 'integer';
    case 'addresses':
    case 'services':
      return 'list';
    case 'variables':
      return 'table';
    default:
      return 'text';
  }
}

function lookUp(definition: Readonly<Record<string, unknown>>, key: string): unknown {
  const [section = '', name] = key.split('.');
  const value = definition[section];
  if (name === undefined) return value;
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, text]) => `${key}=${text}`)
    .join('\n');
}

function fieldValue(kind: FieldKind, text: string): unknown {
  switch (kind) {
    case 'integer':
      return /^-?\d+$/.test(text) ? Number(text) : text;
    case 'list':
      return text.split(/[\s,]+/).filter(Boolean);
    case 'flag':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'table':
      return tableOf(text);
    case 'text':
    case 'choice':
      return text;
  }
}

function tableOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1)];
    }),
  );
}
