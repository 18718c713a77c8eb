import type { Facts } from '../facts.js';
import { change, type Finding, fine, inRouterOspf } from '../finding.js';

/** What docs/frr-setup.md recommends is the most; less is as good. */
const SPF_MOST_MS = { delay: 10, hold: 10, maxHold: 100 } as const;

export function checkLsaThrottle({ instance }: Facts): Finding[] {
  if (!instance.known || instance.value === null) return [];
  const { lsaThrottleMs } = instance.value;
  if (lsaThrottleMs === 0) return [fine('lsa-throttle', 'ospfd sends changed LSAs at once.')];
  const text = `ospfd sends a changed LSA only ${lsaThrottleMs} ms after the last one: the second of two changes is late by as much, on every move.`;
  return [change('lsa-throttle', text, inRouterOspf('timers throttle lsa all 0'))];
}

export function checkLsaMinArrival({ instance }: Facts): Finding[] {
  if (!instance.known || instance.value === null) return [];
  const { lsaMinArrivalMs } = instance.value;
  if (lsaMinArrivalMs === 0) return [fine('lsa-min-arrival', 'ospfd takes changed LSAs at any rate.')];
  const text = `ospfd drops an LSA that comes less than ${lsaMinArrivalMs} ms after its predecessor. It is sent again after 5 s.`;
  return [change('lsa-min-arrival', text, inRouterOspf('timers lsa min-arrival 0'))];
}

export function checkSpfThrottle({ instance }: Facts): Finding[] {
  if (!instance.known || instance.value === null) return [];
  const { spfDelayMs, spfHoldMs, spfMaxHoldMs } = instance.value;
  const now = `${spfDelayMs} ${spfHoldMs} ${spfMaxHoldMs}`;
  const isShort =
    spfDelayMs <= SPF_MOST_MS.delay && spfHoldMs <= SPF_MOST_MS.hold && spfMaxHoldMs <= SPF_MOST_MS.maxHold;
  if (isShort) return [fine('spf-throttle', `ospfd computes routes quickly (timers throttle spf ${now}).`)];
  const text = `ospfd waits before it computes routes: ${spfDelayMs} ms at first, ${spfHoldMs} ms after a change, up to ${spfMaxHoldMs} ms. Every move is late by as much.`;
  return [change('spf-throttle', text, inRouterOspf('timers throttle spf 0 10 100'))];
}
