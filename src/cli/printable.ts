/**
 * The text with every control character but newline and tab replaced, and every mark that reorders a line. Names and
 * reasons come from other nodes, and must not be able to drive the operator's terminal.
 */
export function printable(text: string): string {
  return text.replace(/[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/gu, '\ufffd');
}

/** The same for what is to be one line among others: what it holds must not look like another one. */
export function printableLine(text: string): string {
  return printable(text).replace(/[\n\t]/g, '\ufffd');
}
