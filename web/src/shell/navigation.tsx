import { useEffect, useRef } from 'preact/hooks';
import { problems } from '../model/problems-now.js';
import type { Page } from '../pages/index.js';
import { PAGES } from '../pages/index.js';

export function Navigation({ current }: { readonly current: Page }) {
  const marked = current.below ?? current.pattern;
  const nav = useRef<HTMLElement>(null);
  // On a phone the entries are a strip that scrolls.
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [marked]);
  return (
    <nav class="side" aria-label="Pages" ref={nav}>
      <ul>
        {PAGES.map(({ entry, pattern }) =>
          entry === undefined ? null : (
            <li key={pattern}>
              <a href={pattern} {...(pattern === marked ? { 'aria-current': 'page' as const } : {})}>
                <span>{entry}</span>
                {pattern === '/' && <ProblemCount />}
              </a>
            </li>
          ),
        )}
      </ul>
    </nav>
  );
}

function ProblemCount() {
  const bad = problems.value.filter(({ severity }) => severity === 'bad').length;
  const warn = problems.value.filter(({ severity }) => severity === 'warn').length;
  if (bad + warn === 0) return null;
  return (
    <span class={`count ${bad > 0 ? 'count-bad' : 'count-warn'}`}>
      {bad > 0 ? bad : warn}
      <span class="hidden">{bad > 0 ? ' things are wrong' : ' things to look at'}</span>
    </span>
  );
}
