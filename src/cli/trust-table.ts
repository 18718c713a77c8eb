import type { FolderStatus, NodeStanding, Standing, TrustStatus } from '../trust/index.js';
import { table } from './table.js';

export interface ShownTrust {
  readonly keys: FolderStatus;
  /** null: no daemon answers, or an older one. */
  readonly running: TrustStatus | null;
}

/** The keys in the folder, and what the running daemon makes of the announcements of each node. */
export function describeTrust({ keys, running }: ShownTrust): string {
  const standings = new Map(running?.nodes.map((node) => [node.routerId, node]));
  const rows = keys.listed.map(({ routerId, keyId, note }) => [
    routerId,
    keyId,
    keyId === running?.keyId ? 'this node' : words(standings.get(routerId), running),
    note,
  ]);
  const unlisted = [...standings.values()]
    .filter(({ routerId }) => !keys.listed.some((listed) => listed.routerId === routerId))
    .map((node) => [node.routerId, '-', words(node, running), '']);
  const all = [...rows, ...unlisted];
  const parts = [
    running === null ? 'No srrd answers: only what the files say is shown.' : describeMode(running),
    `key of this node: ${keys.keyId ?? 'none; srrctl trust init makes one'}`,
    ...(keys.nextKeyId === null ? [] : [`its next key: ${keys.nextKeyId}, in use after srrctl trust rotate --finish`]),
    ...keys.problems,
    ...(all.length === 0 ? [] : ['', table([['NODE', 'KEY', 'ANNOUNCEMENTS', 'NOTE'], ...all])]),
  ];
  return `${parts.join('\n')}\n`;
}

const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  proven: 'proven',
  asked: 'asked whether it is the one that lives now',
  unsigned: 'not signed',
  'unknown-key': 'signed by a key that is not listed for it',
  'wrong-proof': 'wrong proof',
  'earlier-life': 'of an earlier life',
  'late-command': 'a command that was signed at another time',
};

function words(node: NodeStanding | undefined, running: TrustStatus | null): string {
  if (running === null) return '-';
  if (node === undefined) return running.mode === 'off' ? 'not looked at' : 'none heard';
  const last =
    node.lastRefusal === null
      ? ''
      : `, ${node.refused} ${refusedWords(running)}, the last: ${STANDING_WORDS[node.lastRefusal]}`;
  return `${STANDING_WORDS[node.standing]}${last}`;
}

function describeMode(running: TrustStatus): string {
  const count = `${running.refused} ${refusedWords(running)} since the start`;
  return running.mode === 'off' ? 'trust: off' : `trust: ${running.mode}; signs with ${running.keyId ?? '-'}; ${count}`;
}

function refusedWords({ mode }: TrustStatus): string {
  return mode === 'require' ? 'not believed' : 'that require would not believe';
}
