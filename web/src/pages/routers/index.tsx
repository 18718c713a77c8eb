import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { ConsoleDaemon } from '../../api/types.js';
import { confirm } from '../../parts/dialog.js';
import { formatClock } from '../../parts/time.js';
import { place, setQuery } from '../../routing/router.js';
import { session } from '../../store/connection.js';
import type { Page } from '../page.js';
import { CommandLine } from './command-line.js';
import { asksFirst, DAEMONS, linesOf, USUAL } from './commands.js';
import { type Exchange, exchanges, forget, runCommands } from './router-console.js';
import './routers.css';

export const routersPage: Page = {
  pattern: '/routers',
  title: () => 'Routing daemons',
  component: RoutersPage,
  entry: 'Routing daemons',
};

function RoutersPage() {
  const asked = place.value.query.get('daemon');
  const daemon = DAEMONS.find((name) => name === asked) ?? 'zebra';
  const isAdmin = session.value?.role === 'admin';
  const shown = exchanges.value.filter((exchange) => exchange.daemon === daemon);
  return (
    <>
      <h1>Routing daemons</h1>
      <p class="muted">
        The command lines of FRR on this node.{' '}
        {isAdmin
          ? 'Whatever is not show, list, find or who is asked about first, and written into the log.'
          : 'You may look at routes, interfaces, OSPF, BFD and the like. Everything else, such as the configuration with its passwords, needs the role admin.'}
      </p>
      <nav class="daemons" aria-label="Routing daemon">
        {DAEMONS.map((name) => (
          <button type="button" key={name} aria-pressed={name === daemon} onClick={() => setQuery({ daemon: name })}>
            {name}
          </button>
        ))}
      </nav>
      <section class="usual" aria-label={`Usual questions to ${daemon}`}>
        {USUAL[daemon].map((command) => (
          <button type="button" key={command} onClick={() => void run(daemon, [command])}>
            {command}
          </button>
        ))}
      </section>
      <CommandLine key={daemon} daemon={daemon} run={(line) => run(daemon, [line])} />
      {isAdmin && <Session key={`${daemon} session`} daemon={daemon} />}
      <section aria-label={`Answers of ${daemon}`} aria-live="polite">
        {shown.map((exchange) => (
          <Answer key={exchange.id} exchange={exchange} />
        ))}
      </section>
      {shown.length > 0 && (
        <button type="button" class="quiet" onClick={() => forget(daemon)}>
          Clear the answers
        </button>
      )}
    </>
  );
}

/** Asks first where something may change. Returns whether all was done. */
async function run(daemon: ConsoleDaemon, lines: readonly string[]): Promise<boolean> {
  const changes = lines.some(asksFirst);
  if (changes && session.peek()?.role === 'admin') {
    const yes = await confirm({
      title: `Run ${lines.length === 1 ? 'this' : 'these'} in ${daemon}?`,
      body: (
        <>
          <pre class="commands">{lines.join('\n')}</pre>
          <p>
            This may change the routing of this node at once, also for services that run here. FRR forgets it with its
            next start unless it is saved (<code>write memory</code>).
          </p>
        </>
      ),
      deed: `Run in ${daemon}`,
      tone: 'danger',
    });
    if (!yes) return false;
  }
  return runCommands(daemon, lines, changes);
}

/** Several lines in one session: what `configure terminal` needs. */
function Session({ daemon }: { readonly daemon: ConsoleDaemon }) {
  const text = useSignal('');
  const details = useRef<HTMLDetailsElement>(null);
  const lines = linesOf(text.value);
  return (
    <details ref={details} class="panel session">
      <summary>Several lines in one session, to configure</summary>
      <label>
        <span class="muted">
          One command a line, carried out in order; the first that is refused ends it, and those before it stay.
        </span>
        <textarea
          rows={6}
          class="mono"
          spellcheck={false}
          value={text.value}
          placeholder={'configure terminal\nrouter ospf\nnetwork 10.1.0.0/16 area 0'}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
          }}
        />
      </label>
      <button type="button" class="primary" disabled={lines.length === 0} onClick={() => void run(daemon, lines)}>
        Run {lines.length === 1 ? 'the line' : `${lines.length} lines`} in {daemon}
      </button>
    </details>
  );
}

function Answer({ exchange: { commands, state, output, at, tookMs } }: { readonly exchange: Exchange }) {
  const title = commands.length === 1 ? (commands[0] ?? '') : `${commands.length} lines`;
  return (
    <article class="answer" data-state={state} aria-label={title}>
      <p class="answer-title">
        <strong class="mono">{title}</strong>
        <span class="muted">
          {formatClock(at)}
          {tookMs === null ? ', under way …' : `, ${tookMs} ms`}
        </span>
        {state === 'refused' && <span class="bad-text">refused</span>}
      </p>
      {tookMs !== null && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
        <pre tabIndex={0}>{output.trim() === '' ? '(no words)' : output}</pre>
      )}
    </article>
  );
}
