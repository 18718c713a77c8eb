import type { Effect, Event } from '../../../src/cluster/index.js';
import type { RouterId } from '../../../src/model/index.js';
import { type CommandName, commandName, type Order } from '../../../src/tables/index.js';
import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** What operators have said of one machine, and were told that it is done. undefined: nobody knows. */
interface Words {
  stateLosses: number;
  nodeStandby: boolean | undefined;
  readonly standby: Map<string, boolean | undefined>;
  readonly deactivated: Map<string, boolean | undefined>;
  /** Since a word was given the daemon has begun anew. */
  readonly restarted: Set<string>;
}

const ENDS_STANDBY: ReadonlySet<CommandName> = new Set(['start', 'move', 'group-start', 'group-move']);
const ENDS_DEACTIVATION: ReadonlySet<CommandName> = new Set(['activate', 'group-activate']);

interface Asked {
  readonly command: CommandName;
  readonly services: readonly string[];
}

/** What an operator set (standby, deactivation, standby of the node) holds until an operator says otherwise, also after a restart. */
export class OperatorWords implements Watched {
  readonly #witness: Witness;
  readonly #words = new Map<number, Words>();
  /** Commands that wait for their answer: by request, and those of other nodes by issuer, its epoch and nonce. */
  readonly #asked = new Map<string, Asked>();
  /** Of other nodes' commands those that were answered: their LSAs may come once more. */
  readonly #ended = new Set<string>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  daemonStarts(machine: Machine): void {
    const words = this.#of(machine);
    words.restarted.clear();
    for (const service of [...words.standby.keys(), ...words.deactivated.keys(), '']) words.restarted.add(service);
  }

  handled(machine: Machine, event: Event): void {
    if (event.type === 'command' && (event.target === null || event.target === machine.id)) {
      this.#ask(machine, event.request, asked(machine, event.order));
    } else if (event.type === 'announcement' && event.announcement.kind === 'command') {
      const { target, sequence, nonce, order } = event.announcement;
      if (target !== machine.id) return;
      const key = remoteKey(machine, event.origin, sequence.epoch, nonce);
      if (this.#ended.has(key)) return;
      this.#ask(machine, key, asked(machine, order));
    }
  }

  acts(machine: Machine, effect: Effect): void {
    if (effect.type === 'reply') return this.#answered(machine, effect.request, effect.ok);
    if (effect.type !== 'announce') return;
    const { announcement } = effect;
    if (announcement.kind === 'daemon') {
      this.#checkNode(machine, announcement.standby);
      for (const { issuer, epoch, nonce, ok } of announcement.outcomes) {
        const key = remoteKey(machine, issuer, epoch, nonce);
        this.#ended.add(key);
        this.#answered(machine, key, ok);
      }
    } else if (announcement.kind === 'service') {
      this.#checkService(machine, announcement.definition.name, announcement.standby);
    }
  }

  /** What ends a standby or a deactivation may be carried out before it is answered. */
  #ask(machine: Machine, key: string, asked: Asked): void {
    this.#asked.set(key, asked);
    const words = this.#of(machine);
    const { command, services } = asked;
    if (command === 'node-unstandby') words.nodeStandby = undefined;
    const of = ENDS_STANDBY.has(command) ? words.standby : ENDS_DEACTIVATION.has(command) ? words.deactivated : null;
    for (const service of services) of?.set(service, undefined);
  }

  #answered(machine: Machine, key: string, ok: boolean): void {
    const asked = this.#asked.get(key);
    if (asked === undefined) return;
    this.#asked.delete(key);
    const words = this.#of(machine);
    const { command, services } = asked;
    const note = (of: Map<string, boolean | undefined>, value: boolean): void => {
      for (const service of services) {
        // Of a group some members may have done it.
        if (ok) of.set(service, value);
        else if (command.startsWith('group-')) of.set(service, undefined);
        words.restarted.delete(service);
      }
    };
    switch (command) {
      case 'node-standby':
      case 'node-unstandby':
        if (ok) words.nodeStandby = command === 'node-standby';
        words.restarted.delete('');
        return;
      case 'stop':
      case 'group-stop':
        return note(words.standby, true);
      case 'start':
      case 'move':
      case 'group-start':
      case 'group-move':
        return note(words.standby, false);
      case 'deactivate':
      case 'group-deactivate':
        return note(words.deactivated, true);
      case 'activate':
      case 'group-activate':
        return note(words.deactivated, false);
      default:
    }
  }

  #checkNode(machine: Machine, standby: boolean): void {
    const { nodeStandby, restarted } = this.#of(machine);
    if (nodeStandby !== true) return;
    if (restarted.has('')) this.#witness.tested('operators: standby of a node after a restart');
    if (!standby) throw new Violation('operator', `${machine.name} takes part, though an operator put it on standby`);
  }

  #checkService(machine: Machine, service: string, standby: boolean): void {
    const words = this.#of(machine);
    for (const [what, said] of [
      ['put on standby', words.standby.get(service)],
      ['deactivated', words.deactivated.get(service)],
    ] as const) {
      if (said !== true) continue;
      if (words.restarted.has(service)) this.#witness.tested(`operators: a service that was ${what}, after a restart`);
      if (standby) continue;
      throw new Violation('operator', `${machine.name} announces ${service} without standby, though it was ${what}`);
    }
  }

  #of(machine: Machine): Words {
    const known = this.#words.get(machine.index);
    if (known?.stateLosses === machine.stateLosses) return known;
    const words: Words = {
      stateLosses: machine.stateLosses,
      nodeStandby: undefined,
      standby: new Map(),
      deactivated: new Map(),
      restarted: new Set(),
    };
    this.#words.set(machine.index, words);
    return words;
  }
}

/** With the epoch: what was answered to an earlier life of the issuer stays announced for a while, and nonces begin anew. */
function remoteKey(machine: Machine, issuer: RouterId, epoch: number | null, nonce: number): string {
  return `${machine.index} ${issuer} ${epoch} ${nonce}`;
}

function asked(machine: Machine, order: Order): Asked {
  const command = commandName(order);
  if (order.of !== 'group') return { command, services: order.of === 'service' ? [order.service] : [] };
  const replicas = [...(machine.engine?.state.replicas.values() ?? [])].map(({ definition }) => definition);
  return { command, services: replicas.filter(({ group }) => group === order.group).map(({ name }) => name) };
}
