/** What became of a command at once; null: the answer follows when a primitive has ended. */
export type Answer = { readonly ok: boolean; readonly text: string } | null;

export function done(text: string): Answer {
  return { ok: true, text };
}

export function refused(text: string): Answer {
  return { ok: false, text };
}
