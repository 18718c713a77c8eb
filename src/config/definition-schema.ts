import { z } from 'zod';
import { isName, isReservedVariable, MAX_ADDRESSES, MAX_DEPENDENCIES, NAME_EXPECTED } from '../model/index.js';
import { TIMEOUTS_MS, type TimedPrimitive } from '../tables/index.js';
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
export type DefinitionFile = z.output<typeof definitionSchema>;

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

const callTimeout = duration('100ms');

const timeouts = Object.fromEntries(
  Object.entries(TIMEOUTS_MS).map(([primitive, ms]) => [primitive, callTimeout.default(ms)]),
) as Record<TimedPrimitive, z.ZodDefault<typeof callTimeout>>;

/** Files that begin with a dot are not read. */
const serviceName = text(
  `${NAME_EXPECTED}, not beginning with a dot`,
  (value) => isName(value) && !value.startsWith('.'),
);

const keys = {
  name: serviceName,
  kind: oneOf(['service', 'resource']).optional(),
  addresses: list(serviceAddress, 'addresses', MAX_ADDRESSES).default([]),
  interface: aliasInterfaceName.default('lo'),
  area: area.optional(),
  scope: oneOf(['link', 'area', 'as']).default('as'),
  link: interfaceName.optional(),
  preference: integer(0, 255).default(100),
  preempt: flag.default(true),
  preemptDelay: duration().default(0),
  takeoverDelay: duration().optional(),
  group: name.optional(),
  dependsOn: list(name, 'services', MAX_DEPENDENCIES).default([]),
  critical: flag.optional(),
  enabled: flag.default(true),
  autoActivate: flag.default(true),
  handover: oneOf(['exclusive', 'overlap']).default('exclusive'),
  makefile: filePath,
  variables: z
    .record(variableName, variableValue, { error: 'expected a section of variables' })
    .nullable()
    .transform((variables) => variables ?? {})
    .default({}),
  variablesFile: name.optional(),
  user: userName.optional(),
  limits: section({
    memory: size.optional(),
    processes: integer(1, 4_194_304).optional(),
    openFiles: integer(16, 1_048_576).optional(),
  }).prefault({}),
  verify: flag.default(false),
  check: section({
    interval: duration('100ms').default(10_000),
    timeout: callTimeout.default(10_000),
    fall: integer(1, 1000).default(1),
    maxRestarts: integer(0, 1000).default(1),
    tcp: port.optional(),
    http: httpPath.optional(),
    port: port.optional(),
    // What is below 200 is no final answer (RFC 9110, 15.2).
    status: integer(200, 599).optional(),
    body: text('a line of text', (value) => value !== '').optional(),
  }).prefault({}),
  timeouts: section(timeouts).prefault({}),
  failureTimeout: z
    .union([z.literal('never').transform(() => null), duration('1s')], {
      error: 'expected never, or a duration from 1s to 500h such as 10s, 2m or 1h',
    })
    .default(null),
};

export const definitionSchema = section(keys);

export const DEFINITION_KEYS: readonly string[] = Object.keys(keys);
