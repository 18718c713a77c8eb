import { formatRouterId, type RemoteCommandRules, routerId } from '../../../src/model/index.js';
import type { RemoteCommandName } from '../../../src/tables/index.js';
import { SimulatedClock } from './clock.js';
import { Machine } from './machine.js';
import { Network } from './network.js';
import { durationMs } from './options.js';
import { execute } from './verbs.js';

/**
 * Plays a scenario: one command after the other, each giving the lines that it caused. The words are an operator's
 * (docs/scenarios.md, verbs.ts); `run` lets time pass, everything else happens at once.
 */
export class Story {
  readonly clock = new SimulatedClock();
  readonly network = new Network(this.clock);
  readonly machines = new Map<string, Machine>();
  private readonly routers: string[] = [];
  private lines: string[] = [];
  private commandStartMs = 0;

  /** Executes one line. Throws an Error that names the line if it is not understood. */
  tell(line: string): string[] {
    this.lines = [];
    this.commandStartMs = this.clock.nowMs;
    const [first = '', ...rest] = line.match(/"[^"]*"|\S+/g) ?? [];
    const quietly = first === 'quietly';
    const [verb = '', ...words] = quietly ? rest : [first, ...rest];
    execute(this, verb, words, line);
    return quietly ? [] : this.lines;
  }

  /** A machine with its own daemon. `id`: the machine whose router ID it uses by mistake. */
  addMachine(name: string, options: ReadonlyMap<string, string>): void {
    const twin = options.get('id');
    const id = twin === undefined ? routerId(0x0a000001 + this.machines.size) : this.machine(twin).id;
    const settings = {
      nodeName: name,
      softwareVersion: options.get('version') ?? '0',
      joinHoldMs: durationMs(options.get('joinHold') ?? '2s', name),
      stampRefreshMs: 30_000,
      recallDelayMs: 1_000,
      onIsolation: options.get('onIsolation') === 'keep' ? ('keep' as const) : ('stop' as const),
      remoteCommands: remoteCommands(options.get('remoteCommands') ?? 'yes'),
      announce: 'auto' as const,
      managementAddresses: [],
      managementPort: 0,
    };
    this.network.add(name, id, options.get('area') ?? '0');
    this.machines.set(name, new Machine(name, id, settings, this.clock, this.network, (text) => this.note(text)));
  }

  /** Routers without a daemon, in every area. */
  addRouters(names: readonly string[]): void {
    for (const name of names) {
      this.network.add(name, routerId(0x0a0000fe - this.routers.length), null);
      this.routers.push(name);
    }
  }

  /** Adds a line as it is, but for router IDs, which become names. */
  say(text: string): void {
    this.lines.push(this.withNames(text));
  }

  where(words: string): Machine[] {
    return words === 'all' ? [...this.machines.values()] : words.split(',').map((name) => this.machine(name));
  }

  names(): string[] {
    return [...this.machines.keys(), ...this.routers];
  }

  machine(name: string | undefined): Machine {
    const machine = this.machines.get(name ?? '');
    if (machine === undefined) throw new Error(`no node ${name}: the nodes are ${this.names().join(' ')}`);
    return machine;
  }

  private note(text: string): void {
    const afterMs = String(this.clock.nowMs - this.commandStartMs).padStart(6);
    this.lines.push(`${afterMs} ms  ${this.withNames(text)}`);
  }

  /** Router IDs as the names that the scenario uses. */
  private withNames(text: string): string {
    let named = text;
    for (const { id, name } of this.machines.values()) {
      named = named.replaceAll(`${name} (${formatRouterId(id)})`, name).replaceAll(formatRouterId(id), name);
    }
    return named;
  }
}

/** `no`, or the commands of other nodes that are carried out, such as `move,check`; for one role alone: `admin:move,check`. */
function remoteCommands(words: string): RemoteCommandRules {
  if (words === 'yes' || words === 'no') return words === 'yes';
  const [, admin, names = ''] = /^(admin:)?(.*)$/.exec(words) ?? [];
  const listed = names.split(',') as RemoteCommandName[];
  return admin === undefined ? listed : { operator: false, admin: listed };
}
