import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { wordsOf } from '../../api/client.js';
import type { Completion, ConsoleDaemon } from '../../api/types.js';
import { completed, remembered, withWord } from './commands.js';
import { completions } from './router-console.js';

export interface CommandLineProps {
  readonly daemon: ConsoleDaemon;
  readonly run: (line: string) => Promise<boolean>;
}

/** One line: Enter runs it, arrows go through what was run before, Tab or `?` shows what may follow. */
export function CommandLine({ daemon, run }: CommandLineProps) {
  const line = useSignal('');
  const history = useSignal<readonly string[]>(load(daemon));
  /** How far back in the history; 0: the line that is being typed. */
  const back = useSignal(0);
  const found = useSignal<readonly Completion[] | null>(null);
  const trouble = useSignal<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  const type = (text: string): void => {
    line.value = text;
    found.value = null;
    trouble.value = null;
  };
  const submit = (): void => {
    const text = line.value.trim();
    if (text === '') return;
    history.value = remembered(history.value, text);
    save(daemon, history.value);
    back.value = 0;
    type('');
    void run(text);
  };
  const recall = (steps: number): void => {
    const at = Math.max(0, Math.min(history.value.length, back.value + steps));
    back.value = at;
    type(at === 0 ? '' : (history.value.at(-at) ?? ''));
  };
  const ask = async (complete: boolean): Promise<void> => {
    const asked = line.value;
    try {
      const list = await completions(daemon, asked, false);
      if (line.value !== asked) return;
      if (complete) line.value = completed(asked, list);
      found.value = list;
    } catch (error) {
      trouble.value = wordsOf(error);
    }
  };
  const onKey = (event: KeyboardEvent): void => {
    const act = ACTIONS[event.key];
    // Tab leaves an empty line as anywhere else, and so does Shift with Tab.
    if (act === undefined || (event.key === 'Tab' && (event.shiftKey || line.value === ''))) return;
    event.preventDefault();
    if (act === 'older') recall(1);
    else if (act === 'newer') recall(-1);
    else if (act === 'close') found.value = null;
    else void ask(act === 'complete');
  };
  return (
    <form
      class="command-line"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label>
        <span class="mono">{daemon}#</span>
        <input
          ref={input}
          type="text"
          class="mono"
          value={line.value}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          placeholder="show …"
          aria-label={`Command for ${daemon}`}
          aria-describedby="command-help"
          onInput={({ currentTarget }) => type(currentTarget.value)}
          onKeyDown={onKey}
        />
      </label>
      <button type="button" onClick={() => void ask(false)} aria-label="What may follow">
        ?
      </button>
      <button type="submit" class="primary" disabled={line.value.trim() === ''}>
        Run
      </button>
      <p id="command-help" class="muted">
        Enter gives the line, ↑ and ↓ go through earlier ones, Tab completes, ? shows what may follow.
      </p>
      {trouble.value !== null && (
        <p class="bad-text" role="alert">
          {trouble.value}
        </p>
      )}
      {found.value !== null && (
        <Found
          list={found.value}
          choose={(word) => {
            type(withWord(line.value, word, true));
            input.current?.focus();
            void ask(false);
          }}
        />
      )}
    </form>
  );
}

const ACTIONS: Readonly<Record<string, 'older' | 'newer' | 'complete' | 'ask' | 'close'>> = {
  ArrowUp: 'older',
  ArrowDown: 'newer',
  Tab: 'complete',
  '?': 'ask',
  Escape: 'close',
};

function Found({ list, choose }: { readonly list: readonly Completion[]; readonly choose: (word: string) => void }) {
  if (list.length === 0) {
    return (
      <p class="muted" role="status">
        Nothing may follow here: the daemon knows no such command.
      </p>
    );
  }
  return (
    <dl class="completions" aria-label="What may follow">
      {list.map(({ word, help, placeholder }) => (
        <div key={word}>
          <dt class="mono">
            {placeholder ? (
              word
            ) : (
              <button type="button" class="link" onClick={() => choose(word)}>
                {word}
              </button>
            )}
          </dt>
          <dd>{word === '<cr>' ? 'The line is complete.' : help}</dd>
        </div>
      ))}
    </dl>
  );
}

function load(daemon: ConsoleDaemon): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(daemon)) ?? '[]');
    return Array.isArray(kept) ? kept.filter((line) => typeof line === 'string') : [];
  } catch {
    // The browser keeps nothing for us, or somebody else's: the history begins empty.
    return [];
  }
}

/** Lines that may hold a password are not kept. */
function save(daemon: ConsoleDaemon, history: readonly string[]): void {
  const harmless = history.filter((line) => !/password|md5|\bkey\b|secret/i.test(line));
  try {
    localStorage.setItem(keyOf(daemon), JSON.stringify(harmless));
  } catch {
    // No room, or not allowed: the history lives as long as the page.
  }
}

function keyOf(daemon: ConsoleDaemon): string {
  return `srrd-commands-${daemon}`;
}
