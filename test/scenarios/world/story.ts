import { type CommandName, formatRouterId, type RouterId, routerId } from '../../../src/cluster/index.js';
import { SimulatedClock } from './clock.js';
import { definitionFrom } from './definitions.js';
import { Machine } from './machine.js';
import { Network } from './network.js';

/**
 * Plays a scenario: one command after the other, each giving the lines that it caused. The words are an operator's
 * (docs/scenarios.md); `run` lets time pass, everything else happens at once.
 */
export class Story {
  private readonly clock = new SimulatedClock();
  private readonly network = new Network(this.clock);
  private readonly machines = new Map<string, Machine>();
  private readonly routers = new Map<string, RouterId>();
  private lines: string[] = [];
  private commandStartMs = 0;

  /** Executes one line. Throws an Error that names the line if it is not understood. */
  tell(line: string): string[] {
    this.lines = [];
    this.commandStartMs = this.clock.nowMs;
    this.execute(line);
    return this.lines;
  }

  private execute(line: string): void {
    const [verb = '', ...words] = line.match(/"[^"]*"|\S+/g) ?? [];
    switch (verb) {
      case 'node':
        return this.addNodes(words);
      case 'router':
        return this.addRouter(words);
      case 'configure':
        return this.configure(words);
      case 'remove':
        return this.remove(words);
      case 'run':
        return this.clock.run(durationMs(words[0] ?? '', line));
      case 'crash':
        return this.machine(words[0]).crash();
      case 'boot':
        return this.machine(words[0]).boot();
      case 'kill':
        return this.machine(words[0]).killDaemon();
      case 'forget':
        return this.machine(words[0]).loseStateDirectory();
      case 'launch':
        return this.machine(words[0]).startDaemon();
      case 'freeze':
        return this.machine(words[0]).freeze();
      case 'thaw':
        return this.machine(words[0]).thaw();
      case 'shutdown':
        return this.machine(words[0]).handle({ type: 'shutdown' });
      case 'ospfd':
        return this.ospfd(words, line);
      case 'cut':
        return this.partition([this.names().filter((name) => name !== words[0])]);
      case 'partition':
        return this.partition(splitAt(words, '|'));
      case 'heal':
        return this.network.heal();
      case 'standby':
      case 'unstandby':
        return this.machine(words[0]).command(`node-${verb}`, '', null, false);
      case 'primitive':
        return this.behave(words, line);
      case 'simulate':
        return this.simulate(words);
      case 'show':
        return this.show();
      default:
        return this.command(verb, words, line);
    }
  }

  private addNodes(words: readonly string[]): void {
    const options = new Map(words.filter((w) => w.includes('=')).map((w) => w.split('=') as [string, string]));
    for (const name of words.filter((w) => !w.includes('='))) {
      const id = routerId(0x0a000001 + this.machines.size);
      const settings = {
        nodeName: name,
        softwareVersion: '0',
        joinHoldMs: 2_000,
        stampRefreshMs: 30_000,
        recallDelayMs: 1_000,
        onIsolation: options.get('onIsolation') === 'keep' ? ('keep' as const) : ('stop' as const),
        remoteCommands: options.get('remoteCommands') !== 'no',
        managementAddresses: [],
        managementPort: 0,
      };
      this.network.add(id, name);
      this.machines.set(name, new Machine(name, id, settings, this.clock, this.network, (text) => this.note(text)));
    }
    for (const machine of this.machines.values()) if (machine.engine === null) machine.startDaemon();
  }

  /** A router without a daemon: it keeps two nodes from being each other's only neighbour. */
  private addRouter(names: readonly string[]): void {
    for (const name of names) {
      this.routers.set(name, routerId(0x0a0000fe - this.routers.size));
      this.network.add(this.idOf(name), name);
    }
  }

  /** `configure WEB on A,B key=value …` */
  private configure(words: readonly string[]): void {
    const [service = '', , where = 'all', ...options] = words;
    for (const machine of this.where(where)) {
      machine.definitions.set(service, definitionFrom(service, options));
      machine.handle({ type: 'configure', definitions: [...machine.definitions.values()] });
    }
  }

  /** `remove WEB on A` */
  private remove([service = '', , where = 'all']: readonly string[]): void {
    for (const machine of this.where(where)) {
      machine.definitions.delete(service);
      machine.handle({ type: 'configure', definitions: [...machine.definitions.values()] });
    }
  }

  /** `ospfd dies on A`, `ospfd returns on A` */
  private ospfd([what, , name]: readonly string[], line: string): void {
    const machine = this.machine(name);
    if (what === 'dies') {
      this.network.setUp(machine.id, false);
      machine.handle({ type: 'disconnected', reason: 'connection closed' });
    } else if (what === 'returns') {
      this.network.setUp(machine.id, true);
      machine.reconnect();
    } else throw new Error(`not understood: ${line}`);
  }

  /** `primitive WEB start on A fails "reason"`, `… hangs`, `… recalls`, `… takes 3s`, `… succeeds` */
  private behave(
    [service, primitive, , where = 'all', result = '', detail = '', often = '']: readonly string[],
    line: string,
  ): void {
    const reason = detail.replaceAll('"', '');
    const known = ['succeeds', 'fails', 'hangs', 'recalls', 'takes'] as const;
    const chosen = known.find((word) => word === result);
    if (chosen === undefined) throw new Error(`not understood: ${line}`);
    const behaviour =
      chosen === 'takes'
        ? ({ result: 'succeeds', durationMs: durationMs(detail, line), reason: '' } as const)
        : ({ result: chosen, durationMs: 5, reason, once: often === 'once' } as const);
    for (const machine of this.where(where)) machine.behaviours.set(`${service} ${primitive}`, behaviour);
  }

  private partition(parts: readonly (readonly string[])[]): void {
    this.network.partition(parts.map((part) => part.map((name) => this.idOf(name))));
  }

  /** `move WEB to B from C pin`, `stop WEB on A`, … : a command for the node after `on`/`to`, given to the one after `from`. */
  private command(verb: string, words: readonly string[], line: string): void {
    const [service = '', preposition = '', target = '', ...rest] = words;
    if (!COMMANDS.has(verb as CommandName) || !['on', 'to'].includes(preposition))
      throw new Error(`not understood: ${line}`);
    const from = rest.includes('from') ? rest[rest.indexOf('from') + 1] : target;
    this.machine(from).command(verb as CommandName, service, this.machine(target).id, rest.includes('pin'));
  }

  /** `simulate A lose B`: the question is put to A. */
  private simulate([name, ...question]: readonly string[]): void {
    const answer = this.machine(name).engine?.simulate(question.join(' ')) ?? [];
    if (typeof answer === 'string') return void this.lines.push(answer);
    for (const { group, before, after, members } of answer) {
      const runs = members.length === 0 ? '' : `, running ${members.join(' ')}`;
      this.lines.push(this.withNames(`${group}: ${before ?? 'nobody'} -> ${after ?? 'nobody'}${runs}`));
    }
  }

  private show(): void {
    const services = new Set([...this.machines.values()].flatMap((machine) => [...machine.definitions.keys()]));
    for (const service of [...services].sort()) {
      const states = [...this.machines.values()].map((machine) => `${machine.name} ${describe(machine, service)}`);
      this.lines.push(`${service}: ${states.join(', ')}`);
    }
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

  private where(words: string): Machine[] {
    return words === 'all' ? [...this.machines.values()] : words.split(',').map((name) => this.machine(name));
  }

  private names(): string[] {
    return [...this.machines.keys(), ...this.routers.keys()];
  }

  private idOf(name: string): RouterId {
    return this.routers.get(name) ?? this.machine(name).id;
  }

  private machine(name: string | undefined): Machine {
    const machine = this.machines.get(name ?? '');
    if (machine === undefined) throw new Error(`no node ${name}: the nodes are ${this.names().join(' ')}`);
    return machine;
  }
}

const COMMANDS: ReadonlySet<CommandName> = new Set<CommandName>([
  'activate',
  'deactivate',
  'start',
  'stop',
  'move',
  'unpin',
  'restart',
  'reload',
  'check',
  'status',
  'clear',
  'enable',
  'disable',
]);

function describe(machine: Machine, service: string): string {
  const replica = machine.engine?.state.replicas.get(service);
  const runs = machine.running.has(service) ? 'running' : '';
  const alias = machine.aliases.has(service) ? 'address up' : '';
  if (machine.engine !== null && replica === undefined && runs === '') return 'not configured';
  const state = replica === undefined ? 'no daemon' : `${replica.config}/${replica.run}`;
  const claim = machine.engine?.state.groups.get(replica?.definition.group ?? '')?.claim ?? 0;
  const details = [claim > 0 ? `claim ${claim}` : '', runs, alias].filter(Boolean).join(', ');
  return details === '' ? state : `${state} (${details})`;
}

function durationMs(text: string, line: string): number {
  const match = /^(\d+)(ms|s|m)$/.exec(text);
  if (match === null) throw new Error(`expected a duration such as 500ms or 5s, got "${text}" in: ${line}`);
  const unit = { ms: 1, s: 1000, m: 60_000 }[match[2] as 'ms' | 's' | 'm'];
  return Number(match[1]) * unit;
}

function splitAt(words: readonly string[], separator: string): string[][] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (word === separator) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}
