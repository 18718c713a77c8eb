import { REFUSAL_WORDS } from './standing.js';
import type { TrustStatus } from './trust.js';

/** So long a refusal is shown among what is wrong with a node. */
const SHOWN_SECONDS = 600;

/** So many nodes are named. */
const MOST_NAMED = 10;

/** Whose words are not proven, a sentence each, as far as it is of late. */
export function trustProblems({ mode, nodes }: TrustStatus, unixSeconds: number): string[] {
  const sentences: string[] = [];
  for (const { routerId, standing, refused, lastRefusal, lastRefusedAt } of nodes) {
    if (lastRefusal === null || lastRefusedAt === null) continue;
    const isOfLate = unixSeconds < lastRefusedAt + SHOWN_SECONDS;
    const why = REFUSAL_WORDS[lastRefusal];
    if (mode === 'require' && isOfLate) {
      const count = refused === 1 ? '1 announcement' : `${refused} announcements`;
      sentences.push(`${count} in the name of ${routerId} not believed since the start, the last because ${why}`);
    } else if (mode === 'sign' && (isOfLate || standing !== 'proven')) {
      sentences.push(`what ${routerId} announces would not be believed with trust: require: ${why}`);
    }
  }
  const more = sentences.length - MOST_NAMED;
  return more > 0 ? [...sentences.slice(0, MOST_NAMED), `${more} nodes more whose words are not proven`] : sentences;
}
