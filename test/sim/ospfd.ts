import type { Ipv4, OspfApiReply } from 'ospfapi-shim';
import type { LsaPort } from '../../src/flooding/own-lsas.js';
import { subjectOf } from '../../src/flooding/subject.js';
import { Answer } from './answer.js';
import type { Bodies } from './bodies.js';
import { lsaKey } from './ospf/lsa.js';
import type { OspfListener } from './ospf/router.js';
import type { TransportSurroundings } from './transport.js';

const DONE: OspfApiReply = { ok: true, code: 'ok', text: 'done' };

/** What ospfd makes of its client's requests. Each is on its way for a moment, and so is the answer. */
export class SimulatedOspfd implements LsaPort {
  readonly #world: TransportSurroundings;
  readonly #bodies: Bodies;
  /** null: no session. */
  #listener: OspfListener | null = null;
  #requestMs = 0;

  constructor(world: TransportSurroundings, bodies: Bodies) {
    this.#world = world;
    this.#bodies = bodies;
  }

  opened(listener: OspfListener): void {
    this.#listener = listener;
  }

  closed(): void {
    this.#listener = null;
  }

  originate({ linkStateId, body }: Parameters<LsaPort['originate']>[0]): PromiseLike<OspfApiReply> {
    const { network, router, refuses } = this.#world;
    const opaque = this.#bodies.bodyOf(body);
    return this.#asked(() => {
      if (refuses(subjectOf(opaque.announcement))) return refusal('no-such-area');
      if (!network.isReady(router)) return refusal('not-ready');
      network.originate(router, lsIdOf(linkStateId), opaque, true);
      return DONE;
    });
  }

  delete({ linkStateId }: Parameters<LsaPort['delete']>[0]): PromiseLike<OspfApiReply> {
    const { network, router } = this.#world;
    const lsId = lsIdOf(linkStateId);
    return this.#asked(() => {
      if (router.lsdb.get(lsaKey(router.index, lsId))?.lsa.body == null) return refusal('no-such-lsa');
      network.originate(router, lsId, null);
      return DONE;
    });
  }

  /** Of a session that ends there are no more answers. */
  #asked(carryOut: () => OspfApiReply): PromiseLike<OspfApiReply> {
    const { clock, random, router, inProcess } = this.#world;
    const listener = this.#listener;
    const answer = new Answer<OspfApiReply>();
    this.#requestMs = Math.max(this.#requestMs, clock.nowMs + random.between(0.05, 0.6));
    clock.after(this.#requestMs - clock.nowMs, () => {
      if (listener === null || this.#listener !== listener || router.listener !== listener) return;
      const reply = carryOut();
      clock.after(random.between(0.05, 0.4), () =>
        inProcess(() => {
          if (this.#listener === listener) answer.give(reply);
        }),
      );
    });
    return answer;
  }
}

function lsIdOf(linkStateId: Ipv4): number {
  return linkStateId & 0xff_ffff;
}

function refusal(code: 'no-such-area' | 'not-ready' | 'no-such-lsa'): OspfApiReply {
  return { ok: false, code, text: 'refused by the simulated ospfd' };
}
