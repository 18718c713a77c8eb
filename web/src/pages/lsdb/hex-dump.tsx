import type { Signal } from '@preact/signals';
import type { Marked } from './field-tree.js';

const BYTES_IN_A_LINE = 16;

/** All bytes, 16 in a line with their offset and as text; those of the marked field stand out. */
export function HexDump({ raw, marked }: { readonly raw: string; readonly marked: Signal<Marked | null> }) {
  const bytes = (raw.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  const range = marked.value;
  const isMarked = (at: number): boolean => range !== null && at >= range.offset && at < range.offset + range.length;
  const lines = Array.from({ length: Math.ceil(bytes.length / BYTES_IN_A_LINE) }, (_, line) => line * BYTES_IN_A_LINE);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section class="scroll-x hex" aria-label="All bytes" tabIndex={0}>
      {lines.map((from) => (
        <div class="hex-line mono" key={from}>
          <span class="muted">{from.toString(16).padStart(4, '0')}</span>
          <span>{pieces(bytes, from, isMarked, (byte) => `${byte.toString(16).padStart(2, '0')} `)}</span>
          <span class="muted" aria-hidden="true">
            {pieces(bytes, from, isMarked, (byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·'))}
          </span>
        </div>
      ))}
    </section>
  );
}

/** One element for each run of marked or unmarked bytes. */
function pieces(
  bytes: readonly number[],
  from: number,
  isMarked: (at: number) => boolean,
  write: (byte: number) => string,
) {
  const line = bytes.slice(from, from + BYTES_IN_A_LINE);
  const runs: { text: string; marked: boolean }[] = [];
  for (const [index, byte] of line.entries()) {
    const marked = isMarked(from + index);
    const last = runs.at(-1);
    if (last?.marked === marked) last.text += write(byte);
    else runs.push({ text: write(byte), marked });
  }
  return runs.map(({ text, marked }, index) =>
    marked ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
  );
}
