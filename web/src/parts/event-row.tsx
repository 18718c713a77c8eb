import type { ClusterEvent } from '../api/types.js';
import type { Tone } from '../model/condition.js';
import { nodeName } from '../store/cluster.js';
import { Mark } from './mark.js';
import { formatMoment } from './time.js';

export const KIND_WORDS: Readonly<Record<ClusterEvent['kind'], string>> = {
  state: 'State',
  command: 'Command',
  failure: 'Failure',
  member: 'Member',
  lease: 'Lease',
  node: 'Node',
  configuration: 'Configuration',
};

/** One line of what happened. */
export function EventRow({ event, withService }: { readonly event: ClusterEvent; readonly withService: boolean }) {
  const { at, node, kind, service, operator, text } = event;
  const words = inNames(text);
  return (
    <li class={`event event-${kind}`} data-seq={event.seq}>
      <time dateTime={at} class="mono event-time">
        {formatMoment(new Date(at).getTime())}
      </time>
      <span class="event-kind">
        <Mark tone={toneOf(event)} /> {KIND_WORDS[kind]}
      </span>
      <span class="event-node">{nodeName(node)}</span>
      {withService && (
        <span class="event-service">
          {service === null ? '' : <a href={`/services/${encodeURIComponent(service)}`}>{service}</a>}
        </span>
      )}
      <span class="event-text" title={words}>
        {words}
        {operator !== null && !text.includes(operator) && <span class="muted"> by {operator}</span>}
      </span>
    </li>
  );
}

/** How much it should stand out: a failure does, a state change shows where it led. */
function toneOf({ kind, to, text }: ClusterEvent): Tone {
  switch (kind) {
    case 'failure':
    case 'lease':
      return 'bad';
    case 'member':
    case 'node':
      return /unreachable|isolated|alone|gone|silent|lost/.test(to ?? text) ? 'warn' : 'idle';
    case 'command':
    case 'configuration':
      return 'busy';
    case 'state':
      if (to === null) return 'idle';
      return to.endsWith('started') ? 'ok' : to.endsWith('failed') ? 'bad' : 'idle';
  }
}

/** The core names nodes by router ID; people know them by name. */
export function inNames(text: string): string {
  return text.replace(/\b\d+\.\d+\.\d+\.\d+\b/g, (id) => nodeName(id));
}
