import type { AvailabilityDocument } from '../../api/types.js';
import { inNames } from '../../parts/event-row.js';
import { formatMoment } from '../../parts/time.js';
import { nodeName, nodes } from '../../store/cluster.js';
import { causeWords, lengthWords, ownerClass, type Span } from './words.js';

/** In the units of the drawing; it is stretched to the width that there is. */
const WIDTH = 1000;
const HEIGHT = 10;

/** An outage of a second in a week would be thinner than a hair. */
const THINNEST = 2;

/** Who had a service from `since` until `until`, from left to right. */
export function Strip({
  spans,
  since,
  until,
}: Pick<AvailabilityDocument, 'since' | 'until'> & { spans: readonly Span[] }) {
  const begin = Date.parse(since);
  const scale = WIDTH / (Date.parse(until) - begin);
  const placed = spans.map((span) => {
    const x = (Date.parse(span.from) - begin) * scale;
    return { span, x, width: (Date.parse(span.until) - begin) * scale - x };
  });
  // Those that nobody had come last, so that what is thin is not covered.
  const ordered = [
    ...placed.filter(({ span }) => span.owner !== null),
    ...placed.filter(({ span }) => span.owner === null),
  ];
  return (
    <svg
      class="strip"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={summary(spans)}
    >
      {ordered.map(({ span, x, width }) => (
        <rect
          key={span.from}
          class={span.owner === null ? gapClass(span) : ownerClass(span.owner, nodes.value)}
          data-owner={span.owner ?? span.cause}
          x={x}
          y={0}
          width={Math.max(width, THINNEST)}
          height={HEIGHT}
        >
          <title>{wordsOf(span)}</title>
        </rect>
      ))}
    </svg>
  );
}

function gapClass({ cause }: Span): string {
  return cause === 'unknown' ? 'strip-unknown' : cause === 'command' ? 'strip-planned' : 'strip-outage';
}

function wordsOf(span: Span): string {
  const who = span.owner === null ? causeWords(span.cause) : nodeName(span.owner);
  const when = `${formatMoment(Date.parse(span.from))}, for ${lengthWords(span)}`;
  return [`${who}\n${when}`, ...(span.text === '' ? [] : [inNames(span.text)])].join('\n');
}

/** For those who do not see it. */
function summary(spans: readonly Span[]): string {
  const last = spans.at(-1);
  const outages = spans.filter(
    ({ owner, cause }) => owner === null && cause !== 'unknown' && cause !== 'command',
  ).length;
  const now = last === undefined || last.owner === null ? 'nobody has it now' : `${nodeName(last.owner)} has it now`;
  return `${outages === 1 ? '1 outage' : `${outages} outages`}, ${now}`;
}
