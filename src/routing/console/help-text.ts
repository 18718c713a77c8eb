import { type Completion, isPlaceholder } from './console-connection.js';

/** FRR's answer to `?`: a line for each word, indented by two, its explanation behind it, continued further in. */
export function parseHelp(text: string): Completion[] {
  const completions: Completion[] = [];
  for (const line of text.split('\n')) {
    const match = /^ {2}(\S+)(?: +(.*\S))? *$/.exec(line);
    if (match === null) continue;
    const [, word = '', help = ''] = match;
    completions.push({ word, help, placeholder: isPlaceholder(word) });
  }
  return completions;
}
