/**
 * The text with every control character but newline and tab replaced. Names and reasons come from other nodes, and must
 * not be able to drive the operator's terminal.
 */
export function printable(text: string): string {
  return text.replace(/[^\P{C}\n\t]/gu, '\ufffd');
}
