/** What an operator can ask of a service, a group or a node. */
export interface CommandRow {
  /**
   * Its number in a Command LSA (docs/wire-format.md); null: only the node itself can be asked. One that was used once is
   * never used again for something else.
   */
  readonly number: number | null;
  /**
   * Which node is named with it. `any`: the one that carries it out, or none for this node. `needed`: that one, and it must be
   * named. `holder`: the one that it is about; this node carries it out.
   */
  readonly node: 'any' | 'needed' | 'holder';
  /** Whether it takes `--pin`. */
  readonly pin?: true;
  /** Nothing need be remembered of it, so it is carried out on a full disk too. */
  readonly forgettable?: true;
  /** Answered when this primitive has ended, which may take as long as its time limit. */
  readonly answersAfter?: 'activate' | 'deactivate' | 'restart' | 'reload' | 'check' | 'status';
  readonly srrctl: { readonly summary: string; readonly example: string; readonly notes?: string };
  /** What its button says, and the button's place in the menu; absent: the pages do not offer it. */
  readonly button?: { readonly place: number; readonly label: string };
}

type Rows = Readonly<Record<string, CommandRow>>;

const SERVICE = {
  activate: {
    number: 1,
    node: 'any',
    answersAfter: 'activate',
    srrctl: { summary: 'make the service available on a node', example: 'activate WEB beta' },
    button: { place: 8, label: 'Activate' },
  },
  deactivate: {
    number: 2,
    node: 'any',
    answersAfter: 'deactivate',
    srrctl: {
      summary: 'stop it there and make it unavailable, also after a restart of srrd',
      example: 'deactivate WEB',
    },
    button: { place: 9, label: 'Deactivate' },
  },
  start: {
    number: 3,
    node: 'any',
    pin: true,
    srrctl: { summary: 'make the node its owner, and end its standby there', example: 'start WEB beta --pin' },
  },
  stop: {
    number: 4,
    node: 'any',
    srrctl: { summary: 'stop it there; that node owns it no more until start or move names it', example: 'stop WEB' },
    button: { place: 2, label: 'Stop here' },
  },
  move: {
    number: 5,
    node: 'needed',
    pin: true,
    srrctl: { summary: 'make another node its owner', example: 'move WEB beta' },
    button: { place: 1, label: 'Move here' },
  },
  unpin: {
    number: 6,
    node: 'any',
    srrctl: { summary: 'end the effect of --pin', example: 'unpin WEB beta' },
    button: { place: 10, label: 'Unpin' },
  },
  restart: {
    number: 7,
    node: 'any',
    forgettable: true,
    answersAfter: 'restart',
    srrctl: { summary: 'run the primitive restart', example: 'restart WEB' },
    button: { place: 4, label: 'Restart' },
  },
  reload: {
    number: 8,
    node: 'any',
    forgettable: true,
    answersAfter: 'reload',
    srrctl: { summary: 'run the primitive reload', example: 'reload WEB' },
    button: { place: 5, label: 'Reload' },
  },
  check: {
    number: 9,
    node: 'any',
    forgettable: true,
    answersAfter: 'check',
    srrctl: { summary: 'run the primitive check now', example: 'check WEB' },
    button: { place: 3, label: 'Check now' },
  },
  status: {
    number: null,
    node: 'any',
    forgettable: true,
    answersAfter: 'status',
    srrctl: {
      summary: 'run the primitive status and show what it prints (this node only)',
      example: 'status WEB',
    },
  },
  clear: {
    number: 10,
    node: 'any',
    srrctl: { summary: 'forget its failure on a node, and let that node try again', example: 'clear WEB beta' },
    button: { place: 6, label: 'Clear failure' },
  },
  enable: {
    number: null,
    node: 'any',
    srrctl: { summary: 'allow activation (this node only; kept in the definition file)', example: 'enable WEB' },
    button: { place: 11, label: 'Enable' },
  },
  disable: {
    number: null,
    node: 'any',
    srrctl: { summary: 'forbid activation (this node only; kept in the definition file)', example: 'disable WEB' },
    button: { place: 12, label: 'Disable' },
  },
  'confirm-stopped': {
    // 13 was a word for all vanished holders of a resource at once.
    number: 21,
    node: 'holder',
    srrctl: {
      summary: 'say that you have made sure that a resource does not run on a node whose srrd is dead',
      example: 'confirm-stopped DISK gamma',
      notes: `The cluster cannot tell. Look on that node, or switch it off: afterwards another node may start the resource at once,
and if it still runs there, two nodes use it.`,
    },
    button: { place: 7, label: 'Confirm that it does not run' },
  },
} as const satisfies Rows;

/** Its buttons say what those of a service say. */
const GROUP = {
  activate: {
    number: 14,
    node: 'any',
    srrctl: { summary: 'make all its services available on a node', example: 'activate SHOP beta' },
  },
  deactivate: {
    number: 15,
    node: 'any',
    srrctl: {
      summary: 'stop them there and make them unavailable, also after a restart of srrd',
      example: 'deactivate SHOP',
    },
  },
  start: {
    number: 16,
    node: 'any',
    pin: true,
    srrctl: {
      summary: 'make the node its owner, and end the standby of all its services there',
      example: 'start SHOP beta --pin',
    },
  },
  stop: {
    number: 17,
    node: 'any',
    srrctl: { summary: 'stop it there; that node owns it no more until start or move names it', example: 'stop SHOP' },
  },
  move: {
    number: 18,
    node: 'needed',
    pin: true,
    srrctl: { summary: 'make another node its owner', example: 'move SHOP beta' },
  },
  unpin: { number: 19, node: 'any', srrctl: { summary: 'end the effect of --pin', example: 'unpin SHOP beta' } },
  clear: {
    number: 20,
    node: 'any',
    srrctl: {
      summary: 'forget the failures of its services, and let the node try again',
      example: 'clear SHOP beta',
    },
  },
} as const satisfies Readonly<Partial<Record<keyof typeof SERVICE, CommandRow>>>;

const NODE = {
  standby: {
    number: 11,
    node: 'any',
    srrctl: { summary: 'the node gives everything away and owns nothing', example: 'standby beta' },
  },
  unstandby: {
    number: 12,
    node: 'any',
    srrctl: { summary: 'the node may own again', example: 'unstandby beta' },
  },
} as const satisfies Rows;

/** All commands, by what they are given to. Each asks for COMMAND_ROLE: here by its route, on another node by `remoteCommands`. */
export const COMMANDS = { service: SERVICE, group: GROUP, node: NODE };

export type ServiceCommand = keyof typeof SERVICE;
export type GroupCommand = keyof typeof GROUP;
export type NodeCommand = keyof typeof NODE;

/** A command in the configuration, in events and logs. */
export type CommandName = ServiceCommand | `group-${GroupCommand}` | `node-${NodeCommand}`;

/** What a command is about, and what it asks for. One to a node needs no more: the node is the one that is asked. */
export type Order =
  | { readonly of: 'service'; readonly service: string; readonly command: ServiceCommand }
  | { readonly of: 'group'; readonly group: string; readonly command: GroupCommand }
  | { readonly of: 'node'; readonly command: NodeCommand };

type Numbered<Table extends Rows> = {
  [Name in keyof Table]: Table[Name]['number'] extends number ? Name : never;
}[keyof Table] &
  string;

/** Those that can be asked of another node. */
export type RemoteCommandName =
  | Numbered<typeof SERVICE>
  | `group-${Numbered<typeof GROUP>}`
  | `node-${Numbered<typeof NODE>}`;

export type RemoteOrder =
  | { readonly of: 'service'; readonly service: string; readonly command: Numbered<typeof SERVICE> }
  | { readonly of: 'group'; readonly group: string; readonly command: Numbered<typeof GROUP> }
  | { readonly of: 'node'; readonly command: Numbered<typeof NODE> };

interface Named {
  readonly of: Order['of'];
  readonly command: string;
  readonly row: CommandRow;
}

const NAMED: ReadonlyMap<CommandName, Named> = new Map(
  (['service', 'group', 'node'] as const).flatMap((of) =>
    Object.entries(COMMANDS[of]).map(([command, row]) => [nameOf(of, command), { of, command, row }] as const),
  ),
);

function nameOf(of: Order['of'], command: string): CommandName {
  return (of === 'service' ? command : `${of}-${command}`) as CommandName;
}

/** `move`, `group-move` or `node-standby`. */
export function commandName(order: RemoteOrder): RemoteCommandName;
export function commandName(order: Order): CommandName;
export function commandName({ of, command }: Order): CommandName {
  return nameOf(of, command);
}

/** `move WEB`, `group-move SHOP` or `node-standby`. */
export function orderWords(order: Order): string {
  const name = commandName(order);
  if (order.of === 'node') return name;
  return `${name} ${order.of === 'group' ? order.group : order.service}`;
}

/** `what`: the service or the group; a command to a node has none. */
export function orderNamed(name: RemoteCommandName, what: string): RemoteOrder;
export function orderNamed(name: CommandName, what: string): Order;
export function orderNamed(name: CommandName, what: string): Order {
  const { of, command } = known(name);
  return { of, command, ...(of !== 'node' && { [of]: what }) } as Order;
}

export function commandRow(order: Order): CommandRow {
  return known(commandName(order)).row;
}

function known(name: CommandName): Named {
  const named = NAMED.get(name);
  if (named === undefined) throw new RangeError(`expected the name of a command, got ${name}`);
  return named;
}

/** The numbers in a Command LSA. */
export const COMMAND_NUMBERS = Object.fromEntries(
  [...NAMED].flatMap(([name, { row }]) => (row.number === null ? [] : [[name, row.number]])),
) as Readonly<Record<RemoteCommandName, number>>;

export function isRemote(order: Order): order is RemoteOrder {
  return commandName(order) in COMMAND_NUMBERS;
}
