import { useMemo, useRef } from 'preact/hooks';
import { API, postText, wordsOf } from '../../api/client.js';
import type { DefinitionEntry } from '../../api/types.js';
import { confirm } from '../../parts/dialog.js';
import { useResource } from '../../parts/resource.js';
import { ResourceTrouble } from '../../parts/resource-trouble.js';
import { Wide } from '../../parts/scroll.js';
import { SpacerRow } from '../../parts/spacer-row.js';
import { Waiting } from '../../parts/waiting.js';
import { useWindowed } from '../../parts/windowed.js';
import { place, setQuery } from '../../routing/router.js';
import { picture } from '../../store/cluster.js';
import { giveCommand } from '../../store/commands.js';
import type { Page } from '../page.js';
import { DefinitionRow, ROW_HEIGHT } from './definition-row.js';
import { ownStates, useReloadWith } from './own-states.js';
import { whyNotAdmin } from './permission.js';

export const configurationPage: Page = {
  pattern: '/configuration',
  title: () => 'Configuration',
  component: ConfigurationPage,
  entry: 'Configuration',
};

const COLUMNS = [
  'State',
  'LSA ID',
  'Type',
  'Name',
  'IP addresses',
  'Scope',
  'Link',
  'Area',
  'Preference',
  'Check',
  'Group',
  'Depends on',
  'Critical',
  'Commands',
] as const;

function ConfigurationPage() {
  const { data, error, loading, reload } = useResource<readonly DefinitionEntry[]>('/definitions');
  useReloadWith(ownStates.value, reload);
  const whyNot = whyNotAdmin();
  const text = place.value.query.get('text') ?? '';
  return (
    <>
      <div class="title-line">
        <h1>Configuration of {picture.value?.node.name ?? 'this node'}</h1>
        <div class="filters">
          <label>
            <span class="hidden">Filter</span>
            <input
              type="search"
              placeholder="Name, group, address"
              value={text}
              onInput={({ currentTarget }) => setQuery({ text: currentTarget.value })}
            />
          </label>
          <a class="button primary" href="/new-definition">
            New definition
          </a>
          {whyNot === null && (
            <a class="button" href={`${API}/definitions/export`} download="srrd-definitions.yaml">
              Export
            </a>
          )}
          <ImportButton whyNot={whyNot} reload={reload} />
        </div>
      </div>
      <p class="muted">
        Definitions belong to a node: each has its own. A service that is active here cannot be edited; deactivate it
        first.
        {whyNot !== null && ` You cannot change anything here: ${whyNot}.`}
      </p>
      {error !== null && <ResourceTrouble error={error} what="The configuration" reload={reload} />}
      {data === null && loading && <Waiting what="Asking the node" />}
      {data !== null && <DefinitionTable entries={data} text={text} reload={reload} />}
    </>
  );
}

function ImportButton({ whyNot, reload }: { readonly whyNot: string | null; readonly reload: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const load = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const text = await file.text();
    const agreed = await confirm({
      title: `Import ${file.name}?`,
      tone: 'danger',
      deed: 'Import',
      body: (
        <p>
          Every definition in the file is checked with the daemon’s rules and saved here. A definition of the same name
          is replaced; those that the file does not name stay as they are.
        </p>
      ),
    });
    if (input.current !== null) input.current.value = '';
    if (!agreed) return;
    await giveCommand(
      `import ${file.name}`,
      'import',
      () => postText<unknown>('/definitions/import', 'application/yaml', text),
      (answer) => importWords(answer),
    );
    reload();
  };
  return (
    <>
      <button type="button" disabled={whyNot !== null} title={whyNot ?? ''} onClick={() => input.current?.click()}>
        Import …
      </button>
      <input
        ref={input}
        type="file"
        class="hidden"
        tabIndex={-1}
        accept=".yaml,.yml,application/yaml"
        aria-label="File with definitions"
        onChange={({ currentTarget }) => void load(currentTarget.files?.[0]).catch((error) => wordsOf(error))}
      />
    </>
  );
}

function importWords(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'text' in answer) return String(answer.text);
  return 'imported';
}

interface DefinitionTableProps {
  readonly entries: readonly DefinitionEntry[];
  readonly text: string;
  readonly reload: () => void;
}

function DefinitionTable({ entries, text, reload }: DefinitionTableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const texts = useMemo(
    () =>
      entries.map(({ definition: { name, group, addresses } }) =>
        `${name} ${group ?? ''} ${addresses ?? ''}`.toLowerCase(),
      ),
    [entries],
  );
  const shown = useMemo(() => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    return entries.filter((_, index) => words.every((word) => texts[index]?.includes(word)));
  }, [entries, texts, text]);
  const heights = useMemo(() => shown.map(() => ROW_HEIGHT), [shown]);
  const { first, end, above, below } = useWindowed(heights, body);
  if (entries.length === 0) {
    return (
      <p>
        No service is defined on this node. <a href="/new-definition">Add the first</a>, or import definitions that
        another node has exported.
      </p>
    );
  }
  return (
    <Wide label="Definitions">
      <table class="table definitions" aria-rowcount={shown.length + 1}>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          <SpacerRow height={above} columns={COLUMNS.length} />
          {shown.slice(first, end).map((entry) => (
            <DefinitionRow key={entry.name} entry={entry} reload={reload} />
          ))}
          <SpacerRow height={below} columns={COLUMNS.length} />
        </tbody>
      </table>
    </Wide>
  );
}
