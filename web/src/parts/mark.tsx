import type { Tone } from '../model/condition.js';

/** A shape for each tone, so that colour is never alone: disc, half disc, ring, triangle, cross, dashed ring. */
export function Mark({ tone }: { readonly tone: Tone }) {
  return (
    <svg class={`mark mark-${tone}`} viewBox="0 0 16 16" aria-hidden="true">
      {shapeOf(tone)}
    </svg>
  );
}

function shapeOf(tone: Tone) {
  switch (tone) {
    case 'ok':
      return <circle cx="8" cy="8" r="5.5" class="fill" />;
    case 'busy':
      return (
        <>
          <circle cx="8" cy="8" r="5" class="line" />
          <path d="M8 3a5 5 0 0 1 0 10z" class="fill" />
        </>
      );
    case 'idle':
      return <circle cx="8" cy="8" r="5" class="line" />;
    case 'warn':
      return <path d="M8 2 14.5 13.5h-13z" class="fill" />;
    case 'bad':
      return (
        <>
          <rect x="2" y="2" width="12" height="12" rx="2.5" class="fill" />
          <path d="m5.5 5.5 5 5m0-5-5 5" class="cross" />
        </>
      );
    case 'off':
      return <circle cx="8" cy="8" r="5" class="line dashed" />;
  }
}

/** A state: its mark and its word. */
export function StateWord({ tone, word }: { readonly tone: Tone; readonly word: string }) {
  return (
    <span class={`state tone-${tone}`}>
      {Mark({ tone })}
      {word}
    </span>
  );
}
