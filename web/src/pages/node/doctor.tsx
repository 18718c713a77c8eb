import type { DoctorReport, Finding } from '../../api/types.js';
import { Mark } from '../../parts/mark.js';
import { useResource } from '../../parts/resource.js';
import { ResourceTrouble } from '../../parts/resource-trouble.js';
import { Output } from '../../parts/scroll.js';
import { Waiting } from '../../parts/waiting.js';

/** What the doctor finds on this node, the worst first, with the lines to change. */
export function Doctor() {
  const { data, error, loading, reload } = useResource<DoctorReport>('/doctor');
  const findings = data?.findings ?? [];
  const fine = findings.filter(({ level }) => level === 'fine');
  return (
    <section class="panel" aria-labelledby="doctor-title">
      <div class="title-line">
        <h2 id="doctor-title">Doctor</h2>
        <button type="button" class="quiet" onClick={reload} disabled={loading}>
          {loading ? 'Examining …' : 'Examine again'}
        </button>
      </div>
      {error !== null && <ResourceTrouble error={error} what="The doctor’s report" reload={reload} />}
      {data === null && loading && <Waiting what="The doctor examines FRR, kernel and files" />}
      <ul class="plain">
        {findings.filter(({ level }) => level === 'broken').map(toItem)}
        {findings.filter(({ level }) => level === 'change').map(toItem)}
      </ul>
      {data !== null && findings.length === fine.length && <p>Nothing is wrong, and nothing should be changed.</p>}
      {fine.length > 0 && (
        <details>
          <summary>{fine.length} things are fine</summary>
          <ul class="plain">{fine.map(toItem)}</ul>
        </details>
      )}
    </section>
  );
}

const LEVELS = {
  broken: { tone: 'bad', word: 'Broken' },
  change: { tone: 'warn', word: 'Should change' },
  fine: { tone: 'ok', word: 'Fine' },
} as const;

function toItem(finding: Finding) {
  const { check, level, text, remedies } = finding;
  const { tone, word } = LEVELS[level];
  return (
    <li key={`${check}${text}`} class={`finding finding-${level}`}>
      <p>
        <Mark tone={tone} /> <span class="hidden">{word}: </span>
        {text} <span class="muted mono">[{check}]</span>
      </p>
      {remedies.map(({ where, lines }) => (
        <div key={where} class="remedy">
          <p class="muted">{where}:</p>
          <Output>{lines.join('\n')}</Output>
        </div>
      ))}
    </li>
  );
}
