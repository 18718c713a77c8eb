import { SHARED_KEYS } from '../../../src/tables/index.js';
import type { NodeConfiguration } from '../api/types.js';

export interface ConfigurationRow {
  readonly key: string;
  readonly values: readonly { readonly routerId: string; readonly text: string; readonly odd: boolean }[];
  /** `wrong`: the key must agree and does not. */
  readonly difference: 'none' | 'allowed' | 'wrong';
}

/** Key by key; `odd` marks the nodes that are not with the majority. Pure. */
export function compareConfigurations(configurations: readonly NodeConfiguration[]): ConfigurationRow[] {
  const rows = SHARED_KEYS.map((key) =>
    rowOf(
      key,
      configurations.map(({ routerId, shared }) => ({
        routerId,
        text: shared[key] === null ? 'own' : textOf(shared[key]),
      })),
      'wrong',
    ),
  );
  const preferences = configurations.map(({ routerId, preference }) => ({ routerId, text: String(preference) }));
  const hashes = configurations.map(({ routerId, hash }) => ({ routerId, text: hash.slice(0, 8) }));
  return [...rows, rowOf('preference', preferences, 'allowed'), rowOf('hash', hashes, 'allowed')];
}

function rowOf(
  key: string,
  values: readonly { readonly routerId: string; readonly text: string }[],
  ifDifferent: 'allowed' | 'wrong',
): ConfigurationRow {
  const counts = new Map<string, number>();
  for (const { text } of values) counts.set(text, (counts.get(text) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  const tied = [...counts.values()].filter((count) => count === most).length > 1;
  return {
    key,
    values: values.map((value) => ({ ...value, odd: counts.size > 1 && (tied || counts.get(value.text) !== most) })),
    difference: counts.size > 1 ? ifDifferent : 'none',
  };
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '–' : [...value].sort().join(', ');
  return value === null || value === undefined ? '–' : String(value);
}
