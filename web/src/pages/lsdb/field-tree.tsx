import type { Signal } from '@preact/signals';
import type { Field } from '../../api/types.js';
import { hrefOf } from './lsa-table.js';

export interface Marked {
  readonly offset: number;
  readonly length: number;
}

export interface FieldTreeProps {
  readonly fields: readonly Field[];
  readonly raw: string;
  readonly marked: Signal<Marked | null>;
}

/** Bytes of a longer field are shown at its parts, or in the dump below. */
const SHOWN_BYTES = 16;

/** Every field in the order of its bytes, with the bytes beside it; a value that names another LSA leads there. */
export function FieldTree({ fields, raw, marked }: FieldTreeProps) {
  return (
    <div class="scroll-x">
      <table class="table lsa-fields">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Value</th>
            <th scope="col">Meaning</th>
            <th scope="col">Bytes</th>
          </tr>
        </thead>
        <tbody>
          <Rows fields={fields} raw={raw} marked={marked} level={0} />
        </tbody>
      </table>
    </div>
  );
}

function Rows({ fields, raw, marked, level }: FieldTreeProps & { readonly level: number }) {
  return (
    <>
      {fields.map((field) => (
        <>
          <Row key={`${field.offset} ${level}`} field={field} raw={raw} marked={marked} level={level} />
          {field.parts.length > 0 && <Rows fields={field.parts} raw={raw} marked={marked} level={level + 1} />}
        </>
      ))}
    </>
  );
}

interface RowProps extends Omit<FieldTreeProps, 'fields'> {
  readonly field: Field;
  readonly level: number;
}

function Row({ field, raw, marked, level }: RowProps) {
  const { name, value, meaning, offset, length, target, parts } = field;
  const bytes = raw.slice(2 * offset, 2 * (offset + length));
  const mark = (): void => {
    marked.value = { offset, length };
  };
  return (
    <tr
      class={`lsa-field lsa-field-level-${Math.min(level, 5)} ${parts.length > 0 ? 'lsa-field-group' : ''}`}
      onPointerEnter={mark}
    >
      <th scope="row">
        <button type="button" class="lsa-field-name" onFocus={mark} onClick={mark} title="Mark its bytes">
          {name}
        </button>
      </th>
      <td class="mono lsa-field-value">{target === null ? value : <a href={hrefOf(target)}>{value || name}</a>}</td>
      <td>{meaning}</td>
      <td class="mono lsa-field-bytes">{parts.length > 0 ? `${length} bytes` : shortened(bytes)}</td>
    </tr>
  );
}

function shortened(bytes: string): string {
  const pairs = bytes.match(/../g) ?? [];
  const shown = pairs.slice(0, SHOWN_BYTES).join(' ');
  return pairs.length > SHOWN_BYTES ? `${shown} …` : shown;
}
