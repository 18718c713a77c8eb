/** Control characters, line and paragraph separators, and the marks that reorder text on a screen. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** The text as one line that drives no terminal and reads as it is written: what cannot be shown is U+FFFD. */
export function oneLine(text: string): string {
  return text.replace(UNPRINTABLE, '\ufffd');
}
