import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** A question that people answer before something dangerous is done. */
export interface Question {
  readonly title: string;
  /** What will happen. */
  readonly body: ComponentChildren;
  /** What the button says: the deed, not "OK". */
  readonly deed: string;
  readonly tone: 'danger' | 'normal';
  /** A name that must be typed first, for what cannot be undone. */
  readonly typed?: string;
}

interface Asked extends Question {
  readonly answer: (yes: boolean) => void;
}

const asked = signal<Asked | null>(null);

/** Asks, and returns whether the answer was yes. A question that is open when another is asked counts as no. */
export function confirm(question: Question): Promise<boolean> {
  asked.peek()?.answer(false);
  return new Promise((resolve) => {
    asked.value = { ...question, answer: resolve };
  });
}

/** Where the questions appear; there is one. */
export function DialogHost() {
  const question = asked.value;
  return question === null ? null : <QuestionDialog key={question.title} question={question} />;
}

function QuestionDialog({ question }: { readonly question: Asked }) {
  const element = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  useEffect(() => element.current?.showModal(), []);
  const answer = (yes: boolean): void => {
    question.answer(yes);
    if (asked.peek() === question) asked.value = null;
  };
  const ready = question.typed === undefined || typed === question.typed;
  return (
    <dialog ref={element} aria-labelledby="question-title" onClose={() => answer(false)}>
      <h2 id="question-title">{question.title}</h2>
      <div class="dialog-body">{question.body}</div>
      {question.typed !== undefined && (
        <label class="dialog-typed">
          Type <strong>{question.typed}</strong> to go on
          <input type="text" value={typed} onInput={({ currentTarget }) => setTyped(currentTarget.value)} />
        </label>
      )}
      <div class="dialog-buttons">
        <button type="button" onClick={() => answer(false)}>
          Cancel
        </button>
        <button
          type="button"
          class={question.tone === 'danger' ? 'danger' : 'primary'}
          disabled={!ready}
          onClick={() => answer(true)}
        >
          {question.deed}
        </button>
      </div>
    </dialog>
  );
}
