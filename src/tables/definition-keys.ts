/** How a key of a definition is written. */
type KeyType =
  | 'flag'
  | 'choice'
  | 'integer'
  | 'port'
  | 'duration'
  | 'pause'
  | 'size'
  | 'service name'
  | 'name'
  | 'user'
  | 'path'
  | 'http path'
  | 'line'
  | 'interface'
  | 'alias interface'
  | 'area'
  | 'addresses'
  | 'services'
  | 'variables';

export interface KeyRow {
  readonly is: KeyType;
  /** What holds where nothing is written, as one would write it. */
  readonly default?: boolean | number | string | readonly string[] | Readonly<Record<string, string>>;
  /** What holds then, where it depends on something; keys with neither are mandatory. */
  readonly otherwise?: string;
  /** `choice`: one of these. */
  readonly choices?: readonly string[];
  /** `integer`: its bounds. */
  readonly from?: number;
  readonly to?: number;
  /** `duration`: the shortest. */
  readonly atLeast?: '100ms';
  /** Must be the same on all nodes: it is announced, and replicas that differ in it are in conflict. */
  readonly shared?: true;
  /** Of those that are shared: nothing in its place has a meaning of its own, and is announced as such. */
  readonly orNull?: true;
  /** Naturally a node's own: not in the hash, and `srrctl definition apply` leaves it as a node has it. */
  readonly own?: true;
  /** In use while the service is active: it changes when that has ended. So does what is shared. */
  readonly inUse?: true;
  /** What the form says of it. docs/configuration.md says more. */
  readonly help: string;
}

type Rows = Readonly<Record<string, KeyRow>>;

const WHAT = {
  name: { is: 'service name', help: 'The same on all nodes' },
  makefile: { is: 'path', inUse: true, help: 'Absolute, or relative to servicesDir' },
  kind: {
    is: 'choice',
    choices: ['service', 'resource'],
    otherwise: 'service with addresses, else resource',
    shared: true,
    help: 'Of a resource never two run at once',
  },
  addresses: { is: 'addresses', default: [], shared: true, help: 'IPv4 addresses, each announced as a /32' },
  group: {
    is: 'name',
    otherwise: 'the name',
    shared: true,
    help: 'Services of a group live on the same node',
  },
  dependsOn: { is: 'services', default: [], shared: true, help: 'Of the same group: started before this one' },
  critical: {
    is: 'flag',
    otherwise: 'true without a group, else false',
    shared: true,
    help: 'The group leaves the node when this member fails',
  },
} as const satisfies Rows;

const OWNER = {
  preference: {
    is: 'integer',
    from: 0,
    to: 255,
    default: 100,
    own: true,
    help: '0 to 255; the highest owns it. Equal on all nodes: it moves as seldom as possible',
  },
  preempt: {
    is: 'flag',
    default: true,
    shared: true,
    help: 'A node with a higher preference takes it from a running owner',
  },
  preemptDelay: { is: 'duration', default: '0s', help: 'Before a returning node takes it back' },
  takeoverDelay: {
    is: 'duration',
    otherwise: '0s, of resources 5s',
    help: 'After the owner became unreachable',
  },
  handover: {
    is: 'choice',
    choices: ['exclusive', 'overlap'],
    default: 'exclusive',
    shared: true,
    help: 'overlap: on a planned move the new owner starts first',
  },
} as const satisfies Rows;

const LIFE = {
  enabled: { is: 'flag', default: true, own: true, inUse: true, help: 'Whether it may be activated here' },
  autoActivate: { is: 'flag', default: true, help: 'Whether it is activated when the daemon starts' },
  variables: { is: 'variables', default: {}, help: 'Lines KEY=VALUE, environment of the Makefile' },
  variablesFile: {
    is: 'name',
    otherwise: 'none',
    help: 'In STATEDIR/secrets, mode 0600: lines KEY=VALUE that are shown to nobody',
  },
  user: { is: 'user', otherwise: 'the daemon’s', inUse: true, help: 'As whom its primitives run' },
  'limits.memory': { is: 'size', otherwise: 'none', help: 'Data of one process: 512M, 2G' },
  'limits.processes': {
    is: 'integer',
    from: 1,
    to: 4_194_304,
    otherwise: 'none',
    help: 'Processes and threads of that user',
  },
  'limits.openFiles': {
    is: 'integer',
    from: 16,
    to: 1_048_576,
    otherwise: 'none',
    help: 'Of one process',
  },
  failureTimeout: {
    is: 'pause',
    default: 'never',
    help: 'After this time a failed replica may try again',
  },
  verify: {
    is: 'flag',
    default: false,
    help: 'Started only when the first check after start has succeeded',
  },
  'check.interval': { is: 'duration', atLeast: '100ms', default: '10s', help: 'Between two checks' },
  'check.timeout': { is: 'duration', atLeast: '100ms', default: '10s', help: 'Limit of a check' },
  'check.tcp': {
    is: 'port',
    otherwise: 'none',
    help: 'srrd connects to this port, instead of the Makefile’s check',
  },
  'check.http': {
    is: 'http path',
    otherwise: 'none',
    help: 'srrd asks for this path, instead of the Makefile’s check: /health',
  },
  'check.port': { is: 'port', otherwise: '80', help: 'Of check.http' },
  // What is below 200 is no final answer (RFC 9110, 15.2).
  'check.status': {
    is: 'integer',
    from: 200,
    to: 599,
    otherwise: '200',
    help: 'What check.http must be answered with: 200 to 599',
  },
  'check.body': { is: 'line', otherwise: 'anything', help: 'What that answer must contain' },
  'check.fall': {
    is: 'integer',
    from: 1,
    to: 1000,
    default: 1,
    help: 'Failed checks in a row before a restart',
  },
  'check.maxRestarts': {
    is: 'integer',
    from: 0,
    to: 1000,
    default: 1,
    help: 'Restarts before it fails here',
  },
} as const satisfies Rows;

const ANNOUNCED = {
  interface: {
    is: 'alias interface',
    default: 'lo',
    own: true,
    inUse: true,
    help: 'Where the addresses are put up',
  },
  scope: {
    is: 'choice',
    choices: ['link', 'area', 'as'],
    default: 'as',
    shared: true,
    help: 'How far it is flooded (RFC 5250, section 2)',
  },
  link: {
    is: 'interface',
    otherwise: 'none',
    own: true,
    inUse: true,
    help: 'The interface to flood on, with scope link',
  },
  area: {
    is: 'area',
    otherwise: 'of the node’s interfaces',
    shared: true,
    orNull: true,
    help: 'The OSPF area of the addresses',
  },
} as const satisfies Rows;

/** All keys of a definition (docs/configuration.md), but for `timeouts`. `check.interval` is `interval` in the section `check`. */
export const DEFINITION_KEYS = { ...WHAT, ...OWNER, ...LIFE, ...ANNOUNCED };

/** As the form groups them. */
export const KEY_GROUPS: readonly { readonly title: string; readonly keys: Rows; readonly folded?: true }[] = [
  { title: 'What it is', keys: WHAT },
  { title: 'Who owns it', keys: OWNER },
  { title: 'How it lives', keys: LIFE },
  { title: 'How it is announced', keys: ANNOUNCED, folded: true },
];

type Keys = typeof DEFINITION_KEYS;
type Mark = 'shared' | 'own' | 'inUse';
type KeysWith<Each extends Mark> = {
  [Key in keyof Keys]: Keys[Key] extends Readonly<Record<Each, true>> ? Key : never;
}[keyof Keys];

/** What other nodes must agree on (docs/states-and-rules.md). */
export const SHARED_KEYS = keysWith('shared');
export const OWN_KEYS = keysWith('own');
export const KEYS_IN_USE = keysWith('inUse');

function keysWith<Each extends Mark>(mark: Each): readonly KeysWith<Each>[] {
  const rows: [string, KeyRow][] = Object.entries(DEFINITION_KEYS);
  return rows.flatMap(([key, row]) => (row[mark] === true ? [key as KeysWith<Each>] : []));
}

/** What the nodes tell each other of a definition, besides its name. */
export type SharedValues = { readonly [Key in KeysWith<'shared'>]: SharedValue<Keys[Key]> };

type SharedValue<Row> = ValueOf<Row> | (Row extends { readonly orNull: true } ? null : never);

/** What has been read: durations in ms, sizes in bytes. */
export type KeyValues = { readonly [Key in keyof Keys]: ReadValue<Keys[Key]> };

type ReadValue<Row> = ValueOf<Row> | (Row extends { readonly otherwise: string } ? undefined : never);

type ValueOf<Row> = Row extends { readonly choices: readonly (infer Choice)[] }
  ? Choice
  : Row extends { readonly is: keyof Values }
    ? Values[Row['is']]
    : string;

interface Values {
  readonly flag: boolean;
  readonly integer: number;
  readonly port: number;
  readonly duration: number;
  /** null: for ever. */
  readonly pause: number | null;
  readonly size: number;
  readonly addresses: readonly string[];
  readonly services: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}
