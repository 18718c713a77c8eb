import { sealBody } from '../../../src/lsa/header.js';
import { PROOF_TLV_BYTES } from '../../../src/lsa/proof.js';
import {
  type Announcement,
  type CommandAnnouncement,
  MAX_CLAIM,
  MAX_COUNTER,
  MAX_EPOCH,
  type RouterId,
  type Sequence,
} from '../../../src/model/index.js';
import { orderNamed } from '../../../src/tables/index.js';
import type { Random } from '../random.js';

const WORDS = ['move', 'stop', 'deactivate', 'clear', 'start'] as const;

/** What would move services, or leave a node unable to speak, if it were believed. */
export function forged(heard: Announcement, random: Random, target: RouterId): Announcement {
  const sequence = anySequence(heard.sequence, random);
  if (heard.kind === 'service') {
    if (random.chance(0.3)) return command(heard.definition.name, sequence, random, target);
    const runState = random.pick(['started', 'starting', 'stopped', 'failed'] as const);
    const claim = random.pick([0, Math.min(heard.claim + random.int(1, 1_000), MAX_CLAIM), MAX_CLAIM - 1, MAX_CLAIM]);
    const failure = runState === 'failed' ? ({ code: 'stop-failed', reason: 'forged' } as const) : null;
    return {
      ...heard,
      sequence,
      runState,
      claim,
      failure,
      preference: random.pick([0, heard.preference, 255]),
      standby: random.chance(0.2),
      joining: random.chance(0.1),
      pinned: random.chance(0.3),
      assent: random.chance(0.3) ? { owner: target, claim } : heard.assent,
    };
  }
  if (heard.kind === 'daemon') {
    const digest = { services: random.int(0, 5), counters: random.int(0, 100) };
    return { ...heard, sequence, digest, standby: random.chance(0.3), ask: random.chance(0.5) ? [target] : [] };
  }
  return { ...heard, sequence, target, nonce: random.pick([0, Math.min(heard.nonce + 1, 2 ** 31), 2 ** 31]) };
}

/** The checksum made right, with the proof of other bytes or as it is. */
export function reseal(bytes: Uint8Array, proofOf: Uint8Array | null): Uint8Array {
  if (bytes.length < PROOF_TLV_BYTES + 24) return bytes;
  const sealed = bytes.slice();
  if (proofOf !== null && proofOf.length > PROOF_TLV_BYTES) {
    sealed.set(proofOf.subarray(-PROOF_TLV_BYTES), sealed.length - PROOF_TLV_BYTES);
  }
  return sealBody(sealed);
}

function anySequence({ epoch, counter }: Sequence, random: Random): Sequence {
  return random.pick([
    { epoch, counter: Math.min(counter + random.int(1, 50), MAX_COUNTER) },
    { epoch: Math.min(epoch + 1, MAX_EPOCH), counter: 1 },
    { epoch: MAX_EPOCH, counter: 1 },
    { epoch: 0, counter: 0 },
    { epoch, counter: 2 ** 32 - 1 },
  ]);
}

function command(service: string, sequence: Sequence, random: Random, target: RouterId): CommandAnnouncement {
  const nonce = random.pick([0, 1, random.int(0, 1_000), 2 ** 31]);
  const word = random.pick(WORDS);
  return {
    kind: 'command',
    sequence,
    nonce,
    operator: 'root',
    role: 'admin',
    target,
    order: orderNamed(word, service),
    pin: false,
    holder: null,
  };
}
