import { dismiss, type GivenCommand, given } from '../store/commands.js';

/** What became of the commands that were given in this browser: under way, done, or refused, in the node's words. */
export function Notices() {
  return (
    <section class="notices" aria-label="Commands given here" aria-live="polite">
      {given.value.map((command) => (
        <Notice key={command.id} command={command} />
      ))}
    </section>
  );
}

function Notice({ command }: { readonly command: GivenCommand }) {
  const { id, what, state, answer } = command;
  const words = { 'under way': 'Under way', done: 'Done', refused: 'Not done' }[state];
  const tone = { 'under way': 'busy', done: 'ok', refused: 'bad' }[state];
  const took = command.endedAt === null ? null : command.endedAt - command.startedAt;
  return (
    <article class={`notice notice-${tone}`} data-state={state}>
      <div>
        <p>
          <strong>{words}</strong> {what}
          {took !== null && (
            <span class="muted"> ({took < 1000 ? `${took} ms` : `${(took / 1000).toFixed(1)} s`})</span>
          )}
        </p>
        {answer !== null && <p class="notice-answer">{answer}</p>}
      </div>
      {state !== 'under way' && (
        <button type="button" class="quiet" onClick={() => dismiss(id)} aria-label={`Dismiss: ${what}`}>
          ✕
        </button>
      )}
    </article>
  );
}
