import { problems } from '../model/problems-now.js';
import { PAGES } from '../pages/index.js';
import type { Page } from '../pages/page.js';

export function Navigation({ current }: { readonly current: Page }) {
  const marked = current.below ?? current.pattern;
  return (
    <nav class="side" aria-label="Pages">
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
