import { TIMEOUTS_MS } from '../../../src/tables/index.js';

/** How a key of a definition is written in the form. A list is separated by spaces or commas, a table is lines KEY=VALUE. */
/** A definition as its file has it: durations as text, absent keys have their defaults. */
export type WrittenDefinition = { readonly name: string } & Readonly<Record<string, unknown>>;

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
  {
    title: 'What it is',
    fields: [
      field('name', 'text', '', 'The same on all nodes'),
      field('makefile', 'text', '', 'Absolute, or relative to servicesDir'),
      choice(
        'kind',
        ['service', 'resource'],
        'service with addresses, else resource',
        'Of a resource never two run at once',
      ),
      field('addresses', 'list', 'none', 'IPv4 addresses, each announced as a /32'),
      field('group', 'text', 'the name', 'Services of a group live on the same node'),
      field('dependsOn', 'list', 'none', 'Of the same group: started before this one'),
      flag('critical', 'true without a group, else false', 'The group leaves the node when this member fails'),
    ],
  },
  {
    title: 'Who owns it',
    fields: [
      field(
        'preference',
        'integer',
        '100',
        '0 to 255; the highest owns it. Equal on all nodes: it moves as seldom as possible',
      ),
      flag('preempt', 'true', 'A node with a higher preference takes it from a running owner'),
      field('preemptDelay', 'text', '0s', 'Before a returning node takes it back'),
      field('takeoverDelay', 'text', '0s, of resources 5s', 'After the owner became unreachable'),
      choice(
        'handover',
        ['exclusive', 'overlap'],
        'exclusive',
        'overlap: on a planned move the new owner starts first',
      ),
    ],
  },
  {
    title: 'How it lives',
    fields: [
      flag('enabled', 'true', 'Whether it may be activated here'),
      flag('autoActivate', 'true', 'Whether it is activated when the daemon starts'),
      field('variables', 'table', 'none', 'Lines KEY=VALUE, environment of the Makefile'),
      field(
        'variablesFile',
        'text',
        'none',
        'In STATEDIR/secrets, mode 0600: lines KEY=VALUE that are shown to nobody',
      ),
      field('user', 'text', 'the daemon’s', 'As whom its primitives run'),
      field('limits.memory', 'text', 'none', 'Data of one process: 512M, 2G'),
      field('limits.processes', 'integer', 'none', 'Processes and threads of that user'),
      field('limits.openFiles', 'integer', 'none', 'Of one process'),
      field('failureTimeout', 'text', 'never', 'After this time a failed replica may try again'),
      flag('verify', 'false', 'Started only when the first check after start has succeeded'),
      field('check.interval', 'text', '10s', 'Between two checks'),
      field('check.timeout', 'text', '10s', 'Limit of a check'),
      field('check.tcp', 'integer', 'none', 'srrd connects to this port, instead of the Makefile’s check'),
      field('check.http', 'text', 'none', 'srrd asks for this path, instead of the Makefile’s check: /health'),
      field('check.port', 'integer', '80', 'Of check.http'),
      field('check.status', 'integer', '200', 'What check.http must be answered with: 200 to 599'),
      field('check.body', 'text', 'anything', 'What that answer must contain'),
      field('check.fall', 'integer', '1', 'Failed checks in a row before a restart'),
      field('check.maxRestarts', 'integer', '1', 'Restarts before it fails here'),
    ],
  },
  {
    title: 'How it is announced',
    folded: true,
    fields: [
      field('interface', 'text', 'lo', 'Where the addresses are put up'),
      choice('scope', ['link', 'area', 'as'], 'as', 'How far it is flooded (RFC 5250, section 2)'),
      field('link', 'text', 'none', 'The interface to flood on, with scope link'),
      field('area', 'text', 'of the node’s interfaces', 'The OSPF area of the addresses'),
    ],
  },
  {
    title: 'Time limits',
    folded: true,
    fields: Object.entries(TIMEOUTS_MS).map(([primitive, ms]) =>
      field(`timeouts.${primitive}`, 'text', `${ms / 1000}s`, ''),
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

function field(key: string, kind: FieldKind, byDefault: string, help: string): Field {
  return { key, kind, byDefault, help };
}

function flag(key: string, byDefault: string, help: string): Field {
  return { key, kind: 'flag', byDefault, help, choices: YES_NO };
}

function choice(key: string, choices: readonly string[], byDefault: string, help: string): Field {
  return { key, kind: 'choice', byDefault, help, choices };
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
