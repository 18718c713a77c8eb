import type { SimulationQuestion } from '../../http/index.js';

type Form = Pick<SimulationQuestion, 'change'> & { readonly needs?: 'service' | 'group' };

const FORMS: Readonly<Record<string, Form>> = {
  lose: { change: 'lose' },
  return: { change: 'return' },
  standby: { change: 'standby' },
  stop: { change: 'stop', needs: 'service' },
  move: { change: 'move', needs: 'service' },
  pin: { change: 'pin', needs: 'service' },
  'stop-group': { change: 'stop', needs: 'group' },
  'move-group': { change: 'move', needs: 'group' },
  'pin-group': { change: 'pin', needs: 'group' },
};

/** Reads a question such as `lose beta` or `move beta WEB`. Returns a sentence instead if it is not understood. */
export function readQuestion(text: string): SimulationQuestion | string {
  const [word = '', node = '', name = '', ...more] = text.trim().split(/\s+/);
  const form = Object.hasOwn(FORMS, word) ? FORMS[word] : undefined;
  if (form === undefined) {
    const all = Object.keys(FORMS).map(usage);
    return `expected ${all.slice(0, -1).join(', ')} or ${all.at(-1)}, got "${text}"`;
  }
  const { change, needs } = form;
  const isComplete = node !== '' && (name !== '') === (needs !== undefined) && more.length === 0;
  if (!isComplete) return `expected ${usage(word)}, got "${text}"`;
  return needs === undefined ? { change, node } : { change, node, [needs]: name };
}

function usage(word: string): string {
  const needs = FORMS[word]?.needs;
  return `"${word} NODE${needs === undefined ? '' : ` ${needs.toUpperCase()}`}"`;
}
