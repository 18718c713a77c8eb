import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { post, wordsOf } from '../../api/client.js';
import type { DefinitionProblem, Verdict } from '../../api/types.js';
import {
  definitionOf,
  FIELD_GROUPS,
  FIELDS,
  type Field,
  type FieldGroup,
  type FormValues,
} from '../../model/definition-form.js';

export interface DefinitionFormProps {
  readonly values: FormValues;
  readonly isNew: boolean;
  readonly disabled: boolean;
  readonly onChange: (values: FormValues) => void;
  /** Whether the daemon would take it as it is now. */
  readonly onValidity: (valid: boolean) => void;
  readonly children: ComponentChildren;
}

/** After the last key stroke. */
const PAUSE_MS = 150;

export function DefinitionForm({ values, isNew, disabled, onChange, onValidity, children }: DefinitionFormProps) {
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const { problems, warnings, failure } = useProblems(values, disabled, onValidity);
  const change = (key: string, value: string): void => {
    setTouched((before) => new Set(before).add(key));
    onChange({ ...values, [key]: value });
  };
  // An empty form is not a list of mistakes: what nobody has come to yet is only asked for when all is to be saved.
  const shown = problems.filter(
    ({ file, key }) => !isNew || file !== null || touched.has(fieldOf(key)) || (values[fieldOf(key)] ?? '') !== '',
  );
  const general = shown.filter(({ file, key }) => file !== null || !FIELDS.some((field) => field.key === fieldOf(key)));
  const missing = problems.length - shown.length;
  return (
    <form class="definition-form" onSubmit={(event) => event.preventDefault()}>
      {FIELD_GROUPS.map((group) => (
        <Fields
          key={group.title}
          group={group}
          values={values}
          problems={shown}
          disabled={disabled}
          nameFixed={!isNew}
          onChange={change}
        />
      ))}
      <div class="form-end" aria-live="polite">
        {general.map(({ file, key, message }) => (
          <p key={`${file}${key}${message}`} class="bad-text">
            {file === null ? '' : `${file}: `}
            {key === '' ? '' : `${key}: `}
            {message}
          </p>
        ))}
        {warnings.map(({ key, message }) => (
          <p key={`${key}${message}`} class="warn-text">
            {key === '' ? '' : `${key}: `}
            {message}
          </p>
        ))}
        {failure !== null && <p class="bad-text">It could not be checked: {failure}</p>}
        {missing > 0 && shown.length === 0 && (
          <p class="muted">Still needed: {problems.map(({ key }) => key).join(', ')}.</p>
        )}
        {children}
      </div>
    </form>
  );
}

/** Asks the daemon itself, so that its rules are the only ones. */
function useProblems(values: FormValues, disabled: boolean, onValidity: (valid: boolean) => void) {
  const [problems, setProblems] = useState<readonly DefinitionProblem[]>([]);
  const [warnings, setWarnings] = useState<readonly DefinitionProblem[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    // Who may not save it is not let in here either.
    if (disabled) return;
    let current = true;
    onValidity(false);
    const timer = setTimeout(() => {
      post<Verdict>('/definitions/validate', definitionOf(values)).then(
        (answer) => {
          if (!current) return;
          setProblems(answer.problems);
          setWarnings(answer.warnings);
          setFailure(null);
          onValidity(answer.problems.length === 0);
        },
        (error) => {
          if (current) setFailure(wordsOf(error));
        },
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [values, disabled, onValidity]);
  return { problems, warnings, failure };
}

/** `addresses.0` is a problem of the field `addresses`, `variables.PORT` one of `variables`. */
function fieldOf(key: string): string {
  if (FIELDS.some((field) => field.key === key)) return key;
  const parts = key.split('.');
  const two = parts.slice(0, 2).join('.');
  return FIELDS.some((field) => field.key === two) ? two : (parts[0] ?? key);
}

interface FieldsProps {
  readonly group: FieldGroup;
  readonly values: FormValues;
  readonly problems: readonly DefinitionProblem[];
  readonly disabled: boolean;
  readonly nameFixed: boolean;
  readonly onChange: (key: string, value: string) => void;
}

function Fields({ group, values, problems, disabled, nameFixed, onChange }: FieldsProps) {
  const own = (key: string) => problems.filter((problem) => problem.file === null && fieldOf(problem.key) === key);
  const content = group.fields.map((field) => (
    <FieldLine
      key={field.key}
      field={field}
      value={values[field.key] ?? ''}
      problems={own(field.key)}
      disabled={disabled || (nameFixed && field.key === 'name')}
      onChange={(value) => onChange(field.key, value)}
    />
  ));
  if (group.folded !== true) {
    return (
      <fieldset class="panel">
        <legend>{group.title}</legend>
        <div class="fields">{content}</div>
      </fieldset>
    );
  }
  const open = group.fields.some(({ key }) => (values[key] ?? '') !== '' || own(key).length > 0);
  return (
    <details class="panel" open={open}>
      <summary>{group.title}</summary>
      <div class="fields">{content}</div>
    </details>
  );
}

interface FieldLineProps {
  readonly field: Field;
  readonly value: string;
  readonly problems: readonly DefinitionProblem[];
  readonly disabled: boolean;
  readonly onChange: (value: string) => void;
}

function FieldLine({ field, value, problems, disabled, onChange }: FieldLineProps) {
  const id = `field-${field.key.replace('.', '-')}`;
  const wrong = problems.length > 0;
  return (
    <div class={`field ${wrong ? 'field-wrong' : ''}`}>
      <label for={id}>{field.key}</label>
      <FieldInput field={field} id={id} value={value} wrong={wrong} disabled={disabled} onChange={onChange} />
      <p id={`${id}-help`} class={wrong ? 'bad-text' : 'muted'}>
        {wrong ? problems.map(({ message }) => message).join('; ') : field.help}
      </p>
    </div>
  );
}

interface FieldInputProps {
  readonly field: Field;
  readonly id: string;
  readonly value: string;
  readonly wrong: boolean;
  readonly disabled: boolean;
  readonly onChange: (value: string) => void;
}

function FieldInput({
  field: { key, kind, byDefault, choices },
  id,
  value,
  wrong,
  disabled,
  onChange,
}: FieldInputProps) {
  const common = { id, name: key, disabled, 'aria-invalid': wrong, 'aria-describedby': `${id}-help` };
  if (choices !== undefined) {
    return (
      <select {...common} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        <option value="">{`default: ${byDefault}`}</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    );
  }
  if (kind === 'table') {
    return (
      <textarea
        {...common}
        rows={Math.max(2, value.split('\n').length)}
        placeholder={byDefault}
        value={value}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  }
  return (
    <input
      {...common}
      type="text"
      autocomplete="off"
      spellcheck={false}
      placeholder={byDefault}
      value={value}
      onInput={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
