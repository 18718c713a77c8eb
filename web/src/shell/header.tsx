import { useState } from 'preact/hooks';
import { formatClock } from '../parts/time.js';
import { now } from '../store/clock.js';
import { picture } from '../store/cluster.js';
import { connection, session } from '../store/connection.js';
import { NodeMenu } from './node-menu.js';
import { applyTheme, savedTheme, saveTheme, THEMES, type Theme } from './theme.js';

export function Header() {
  return (
    <header class="top">
      <a class="brand" href="/" aria-label="SRRD, overview">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M7 23h7l5-13h6" />
          <circle cx="7" cy="23" r="3.4" />
          <circle cx="25" cy="10" r="3.4" class="end" />
        </svg>
        <span>SRRD</span>
      </a>
      <NodeMenu />
      <span class="spacer" />
      <LiveIndicator />
      <Who />
      <ThemeSwitch />
    </header>
  );
}

/** Whether what is shown is true now, and when it was generated. */
function LiveIndicator() {
  const { state } = connection.value;
  const generatedAt = picture.value?.generatedAt;
  const words = { connecting: 'Connecting', live: 'Live', lost: 'Not live', refused: 'Not let in' }[state];
  return (
    <span class={`live live-${state}`} data-testid="live">
      <span class="live-mark" aria-hidden="true" />
      <span>{words}</span>
      {generatedAt !== undefined && (
        <time
          class="generated"
          dateTime={new Date(generatedAt).toISOString()}
          title="When the node generated what is shown; while the page is live, nothing has changed since"
        >
          <span class="wide">generated </span>
          {formatClock(generatedAt)}
        </time>
      )}
      {state === 'lost' && generatedAt !== undefined && (
        <span class="generated">, {Math.max(0, Math.round((now.value - connection.value.since) / 1000))} s ago</span>
      )}
    </span>
  );
}

function Who() {
  if (session.value === null) return null;
  const { user, role, readOnly } = session.value;
  return (
    <span class="who" title={readOnly ? 'Without web.tls nobody may change anything here' : `${user} is ${role}`}>
      <span class="who-user">{user}</span>
      <span class="tag">{readOnly ? 'read-only' : role}</span>
    </span>
  );
}

const THEME_WORDS: Readonly<Record<Theme, string>> = { auto: 'System', light: 'Light', dark: 'Dark' };

function ThemeSwitch() {
  const [theme, setTheme] = useState(savedTheme());
  const choose = (wanted: Theme): void => {
    applyTheme(wanted);
    saveTheme(wanted);
    setTheme(wanted);
  };
  return (
    <label class="theme">
      <span class="hidden">Colours</span>
      <select
        value={theme}
        onChange={({ currentTarget }) => choose(THEMES.find((each) => each === currentTarget.value) ?? 'auto')}
      >
        {THEMES.map((each) => (
          <option key={each} value={each}>
            {THEME_WORDS[each]}
          </option>
        ))}
      </select>
    </label>
  );
}
