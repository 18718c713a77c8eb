import { z } from 'zod';
import { isName, isReservedVariable, MAX_ADDRESSES, MAX_DEPENDENCIES, NAME_EXPECTED } from '../model/index.js';
import { DEFINITION_KEYS, type KeyRow, type KeyValues, TIMEOUTS_MS, type TimedPrimitive } from '../tables/index.js';
import {
  aliasInterfaceName,
  area,
  duration,
  filePath,
  flag,
  httpPath,
  integer,
  interfaceName,
  name,
  oneOf,
  port,
  section,
  serviceAddress,
  size,
  text,
  userName,
} from './fields.js';

/** `STATEDIR/services/NAME.yaml` as written, each key checked by itself (docs/configuration.md). */
export type DefinitionFile = {
  readonly [Key in Exclude<keyof KeyValues, `${string}.${string}`>]: KeyValues[Key];
} & {
  readonly check: SectionOf<'check'>;
  readonly limits: SectionOf<'limits'>;
  readonly timeouts: Readonly<Record<TimedPrimitive, number>>;
};

type SectionOf<Name extends string> = {
  readonly [Key in keyof KeyValues as Key extends `${Name}.${infer Rest}` ? Rest : never]: KeyValues[Key];
};

const variableName = z.string().refine((key) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && !isReservedVariable(key), {
  error: 'expected the name of a variable, A-Z a-z 0-9 _, neither SRRD_* nor one that make or srrd sets itself',
});

const variableValue = z
  .string({ error: 'expected text, in quotes if it looks like a number' })
  .refine((value) => !value.includes('\0'), { error: 'expected text without NUL' });

/** A list without repetitions. */
function list<T extends z.ZodType<string>>(of: T, what: string, maximum: number) {
  const expected = `expected a list of at most ${maximum} ${what}, each only once`;
  return z
    .array(of, { error: expected })
    .max(maximum, { error: expected })
    .refine((items) => new Set(items).size === items.length, { error: expected });
}

/** Files that begin with a dot are not read. */
const serviceName = text(
  `${NAME_EXPECTED}, not beginning with a dot`,
  (value) => isName(value) && !value.startsWith('.'),
);

const TYPES: Readonly<Record<KeyRow['is'], (row: KeyRow) => z.ZodType>> = {
  flag: () => flag,
  choice: ({ choices = [] }) => oneOf(choices),
  integer: ({ from = 0, to = 0 }) => integer(from, to),
  port: () => port,
  duration: ({ atLeast }) => duration(atLeast),
  pause: () =>
    z.union([z.literal('never').transform(() => null), duration('1s')], {
      error: 'expected never, or a duration from 1s to 500h such as 10s, 2m or 1h',
    }),
  size: () => size,
  'service name': () => serviceName,
  name: () => name,
  user: () => userName,
  path: () => filePath,
  'http path': () => httpPath,
  line: () => text('a line of text', (value) => value !== ''),
  interface: () => interfaceName,
  'alias interface': () => aliasInterfaceName,
  area: () => area,
  addresses: () => list(serviceAddress, 'addresses', MAX_ADDRESSES),
  services: () => list(name, 'services', MAX_DEPENDENCIES),
  variables: () =>
    z
      .record(variableName, variableValue, { error: 'expected a section of variables' })
      .nullable()
      .transform((variables) => variables ?? {}),
};

function schemaOf(row: KeyRow): z.ZodType {
  const schema = TYPES[row.is](row);
  if (row.default !== undefined) return schema.prefault(row.default);
  return row.otherwise === undefined ? schema : schema.optional();
}

const timeouts = Object.entries(TIMEOUTS_MS).map(
  ([primitive, ms]) => [`timeouts.${primitive}`, duration('100ms').default(ms)] as const,
);

/** The keys of a file; those like `check.tcp` are in a section of their own. */
function shapeOf(schemas: readonly (readonly [string, z.ZodType])[]): Record<string, z.ZodType> {
  const names = new Set(schemas.map(([key]) => key.split('.')[0] ?? key));
  const shapes = [...names].map((name): [string, z.ZodType] => {
    const own = schemas.find(([key]) => key === name)?.[1];
    const within = schemas.filter(([key]) => key.startsWith(`${name}.`));
    const keys = within.map(([key, schema]) => [key.slice(name.length + 1), schema] as const);
    return [name, own ?? section(Object.fromEntries(keys)).prefault({})];
  });
  return Object.fromEntries(shapes);
}

const shape = shapeOf([
  ...Object.entries<KeyRow>(DEFINITION_KEYS).map(([key, row]) => [key, schemaOf(row)] as const),
  ...timeouts,
]);

export const definitionSchema = section(shape) as unknown as z.ZodType<DefinitionFile>;

/** The keys and sections of a file. */
export const FILE_KEYS: readonly string[] = Object.keys(shape);
