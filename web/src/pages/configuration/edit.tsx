import { useState } from 'preact/hooks';
import { currentAsker } from '../../actions/command-menu.js';
import { commandService } from '../../actions/service-command.js';
import { put } from '../../api/client.js';
import type { DefinitionEntry } from '../../api/types.js';
import { possibilities } from '../../model/commands.js';
import { definitionOf, type FormValues, valuesOf } from '../../model/definition-form.js';
import { Banner } from '../../parts/banner.js';
import { useResource } from '../../parts/resource.js';
import { ResourceTrouble } from '../../parts/resource-trouble.js';
import { Waiting } from '../../parts/waiting.js';
import { navigate, place } from '../../routing/router.js';
import { picture } from '../../store/cluster.js';
import { giveCommand } from '../../store/commands.js';
import type { Page, PageParams } from '../page.js';
import { deleteDefinition } from './definition-row.js';
import { DefinitionForm } from './form.js';
import { ownState, useReloadWith } from './own-states.js';
import { whyNotAdmin } from './permission.js';

export const newDefinitionPage: Page = {
  pattern: '/new-definition',
  title: () => 'New definition',
  component: NewDefinition,
  below: '/configuration',
};

export const editDefinitionPage: Page = {
  pattern: '/configuration/:name',
  title: ({ name }) => `Definition of ${name}`,
  component: EditDefinition,
  below: '/configuration',
};

function NewDefinition() {
  const name = place.value.query.get('name') ?? '';
  return (
    <>
      <h1>New definition on {picture.value?.node.name ?? 'this node'}</h1>
      <p class="muted">
        Only the name and the Makefile are required. On the other nodes it is defined by themselves: export it, and{' '}
        <code>srrctl definition apply FILE --nodes all</code> brings it to all of them, or fill in this form there.
      </p>
      <Editor initial={{ name }} isNew whyNot={whyNotAdmin()} />
    </>
  );
}

function EditDefinition({ params }: { readonly params: PageParams }) {
  const name = params.name ?? '';
  const { data, error, loading, reload } = useResource<DefinitionEntry>(`/definitions/${encodeURIComponent(name)}`);
  useReloadWith(ownState(name), reload);
  return (
    <>
      <h1>Definition of {name}</h1>
      {error !== null && <ResourceTrouble error={error} what={`The definition of ${name}`} reload={reload} />}
      {data === null && loading && <Waiting what="Asking the node" />}
      {data !== null && (
        <>
          <p class="muted">
            <code>{data.file}</code> on {picture.value?.node.name}.{' '}
            <a href={`/services/${encodeURIComponent(name)}`}>The service</a>
          </p>
          <WhyNotEditable entry={data} reload={reload} />
          {data.problems.length > 0 && (
            <Banner tone="bad" title="The daemon does not take this definition">
              {data.problems.join('; ')}
            </Banner>
          )}
          <Editor
            key={`${data.editable}`}
            initial={valuesOf(data.definition)}
            isNew={false}
            whyNot={whyNotAdmin() ?? (data.editable ? null : data.whyNot)}
          />
        </>
      )}
    </>
  );
}

/** What to do about a service that is active: the way to the button, or the button itself. */
function WhyNotEditable({ entry, reload }: { readonly entry: DefinitionEntry; readonly reload: () => void }) {
  if (entry.editable) return null;
  const service = picture.value?.services.get(entry.name);
  const self = picture.value?.node.routerId ?? '';
  const deactivate =
    service === undefined || picture.value === null
      ? undefined
      : possibilities(service, self, picture.value, currentAsker()).find(({ command }) => command === 'deactivate');
  return (
    <Banner
      tone="warn"
      title={`${entry.name} cannot be edited now`}
      action={
        deactivate?.whyNot === null &&
        service !== undefined && (
          <button
            type="button"
            data-command="deactivate"
            onClick={() => void commandService({ service, routerId: self, command: 'deactivate' }).then(reload)}
          >
            Deactivate it here
          </button>
        )
      }
    >
      {entry.whyNot}. Another node takes it over if it can. When it is inactive here, edit it, and activate it again.
      {deactivate !== undefined && deactivate.whyNot !== null && ` Deactivating is not possible: ${deactivate.whyNot}.`}{' '}
      <button type="button" class="link" onClick={reload}>
        Look again
      </button>
    </Banner>
  );
}

interface EditorProps {
  readonly initial: FormValues;
  readonly isNew: boolean;
  readonly whyNot: string | null;
}

function Editor({ initial, isNew, whyNot }: EditorProps) {
  const [values, setValues] = useState<FormValues>(initial);
  const [valid, setValid] = useState(false);
  const [saving, setSaving] = useState(false);
  const definition = definitionOf(values);
  const taken =
    isNew &&
    picture.value?.services
      .get(definition.name)
      ?.replicas.some(({ routerId }) => routerId === picture.value?.node.routerId);
  const save = async (): Promise<void> => {
    setSaving(true);
    const answer = await giveCommand(
      `save the definition of ${definition.name}`,
      definition.name,
      () => put<{ text?: string }>(`/definitions/${encodeURIComponent(definition.name)}`, definition),
      (said) => said?.text ?? 'saved',
    );
    setSaving(false);
    if (answer !== undefined) navigate('/configuration');
  };
  return (
    <DefinitionForm values={values} isNew={isNew} disabled={whyNot !== null} onChange={setValues} onValidity={setValid}>
      {taken && <p class="bad-text">{definition.name} is defined here already: saving replaces that definition.</p>}
      <p class="buttons">
        <button
          type="button"
          class="primary"
          disabled={whyNot !== null || !valid || saving}
          onClick={() => void save()}
        >
          {isNew ? 'Add' : 'Save'}
        </button>
        <a class="button" href="/configuration">
          Cancel
        </a>
        {!isNew && (
          <button
            type="button"
            class="quiet"
            disabled={whyNot !== null}
            onClick={() =>
              void deleteDefinition(definition.name).then((gone) => {
                if (gone) navigate('/configuration');
              })
            }
          >
            Delete …
          </button>
        )}
        {whyNot !== null && <span class="muted">Nothing can be saved: {whyNot}</span>}
      </p>
    </DefinitionForm>
  );
}
