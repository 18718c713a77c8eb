import { signal } from '@preact/signals';

const narrow = window.matchMedia('(max-width: 760px)');

/** Whether the page is laid out for a phone; the same width as in styles.css. */
export const isNarrow = signal(narrow.matches);

narrow.addEventListener('change', ({ matches }) => {
  isNarrow.value = matches;
});
