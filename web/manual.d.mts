/** The HTML of a page of docs/, from its Markdown (CommonMark with tables). */
export function manualPage(markdown: string): string;
/** The page of the manual that a file of ours becomes: `docs/events.md` is `events`. Null: it becomes none. */
export function manualName(path: string): string | null;
