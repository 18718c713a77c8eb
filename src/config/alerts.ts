import { z } from 'zod';
import { HAPPENING_KINDS, type HappeningKind } from '../model/index.js';
import { SEVERITIES } from '../tables/index.js';
import { filePath, name, oneOf, section, text } from './fields.js';

export type Severity = (typeof SEVERITIES)[number];

/** How an alert is told. All paths are absolute. */
type By =
  | { readonly type: 'command'; readonly argv: readonly [string, ...string[]] }
  | { readonly type: 'mail'; readonly to: readonly string[]; readonly from: string; readonly sendmail: string }
  | {
      readonly type: 'webhook';
      readonly url: string;
      readonly tokenFile: string | null;
      readonly caFile: string | null;
    }
  | { readonly type: 'snmp'; readonly to: string; readonly configurationFolder: string | null }
  | { readonly type: 'syslog'; readonly socket: string; readonly facility: (typeof FACILITIES)[number] };

export type AlertBy<Type extends By['type'] = By['type']> = Extract<By, { readonly type: Type }>;

export interface AlertConfiguration {
  readonly name: string;
  /** null: all. */
  readonly kinds: readonly HappeningKind[] | null;
  /** The least that is told. */
  readonly severity: Severity;
  readonly by: AlertBy;
}

const FACILITIES = [
  'daemon',
  'user',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
] as const;

const MAX_ALERTS = 16;

const WAYS = ['command', 'mail', 'webhook', 'snmp', 'syslog'] as const;

/** No option, and one line of a header. */
const mailAddress = text('a mail address such as ops@example.org', (value) =>
  /^[^\s@<>,;:"\\-][^\s@<>,;:"\\]*@[A-Za-z0-9.-]+$/.test(value),
);

const program = text('the absolute path of a program', (value) => value.startsWith('/'));

const url = text(
  'a URL that begins with https:// or http://',
  (value) => /^https?:\/\/[^\s/]/.test(value) && URL.canParse(value),
);

/** `udp:…` and the like are Net-SNMP's own way to write it; no option. */
const snmpReceiver = text('an address such as 10.0.0.9:162', (value) => /^[A-Za-z0-9][\w.:-]*$/.test(value));

const alert = section({
  name: name.optional(),
  kinds: z
    .array(oneOf(HAPPENING_KINDS), { error: 'expected a list of kinds of events' })
    .min(1, { error: 'expected one kind at least' })
    .optional(),
  severity: oneOf(SEVERITIES).default('warning'),
  command: z
    .array(text('text'), { error: 'expected a list: the absolute path of a program and its arguments' })
    .min(1, { error: 'expected the absolute path of a program' })
    .optional(),
  mail: section({
    to: z
      .array(mailAddress, { error: 'expected a list of mail addresses' })
      .min(1, { error: 'expected one mail address at least' }),
    from: mailAddress,
    sendmail: program.default('/usr/sbin/sendmail'),
  }).optional(),
  webhook: section({ url, tokenFile: filePath.optional(), caFile: filePath.optional() }).optional(),
  snmp: section({ to: snmpReceiver, configurationFolder: filePath.optional() }).optional(),
  syslog: section({ socket: filePath.default('/dev/log'), facility: oneOf(FACILITIES).default('daemon') }).optional(),
})
  .refine((entry) => WAYS.filter((way) => entry[way] !== undefined).length === 1, {
    error: `expected exactly one of ${WAYS.join(', ')}`,
  })
  .refine((entry) => entry.command === undefined || entry.command[0]?.startsWith('/') === true, {
    path: ['command'],
    error: 'expected the absolute path of a program first',
  });

/** The list `alerts` as it stands in the file. */
export const alertsSection = z
  .array(alert, { error: 'expected a list of alerts' })
  .max(MAX_ALERTS, { error: `expected at most ${MAX_ALERTS} alerts` })
  .refine((entries) => new Set(entries.map(nameOf)).size === entries.length, {
    error: 'expected each name once',
  });

/** With all defaults. `absolute` makes a path of the file absolute. */
export function alertConfigurations(
  entries: z.output<typeof alertsSection>,
  absolute: (path: string) => string,
): AlertConfiguration[] {
  return entries.map((entry, index) => {
    const by = alertBy(entry, (path) => (path === undefined ? null : absolute(path)));
    return { name: nameOf(entry, index), kinds: entry.kinds ?? null, severity: entry.severity, by };
  });
}

function nameOf(entry: z.output<typeof alert>, index: number): string {
  return entry.name ?? `${WAYS.find((way) => entry[way] !== undefined)}-${index + 1}`;
}

function alertBy(
  { command, mail, webhook, snmp, syslog }: z.output<typeof alert>,
  absolute: (path: string | undefined) => string | null,
): AlertBy {
  if (mail !== undefined) return { type: 'mail', ...mail };
  if (webhook !== undefined) {
    return {
      type: 'webhook',
      url: webhook.url,
      tokenFile: absolute(webhook.tokenFile),
      caFile: absolute(webhook.caFile),
    };
  }
  if (snmp !== undefined) return { type: 'snmp', to: snmp.to, configurationFolder: absolute(snmp.configurationFolder) };
  if (syslog !== undefined) return { type: 'syslog', socket: absolute(syslog.socket) ?? '', facility: syslog.facility };
  const [file = '', ...args] = command ?? [];
  return { type: 'command', argv: [file, ...args] };
}
