import type { ComponentType } from 'preact';

export type PageParams = Readonly<Record<string, string>>;

/** A page: which addresses it has, and how people get there. */
export interface Page {
  /** `/services/:name`: parts with a colon are given to the component as `params`. */
  readonly pattern: string;
  /** For the browser's tab and the history. */
  readonly title: (params: PageParams) => string;
  readonly component: ComponentType<{ readonly params: PageParams }>;
  /** The entry of the navigation that leads here; absent: it is reached from other pages. */
  readonly entry?: string;
  /** The pattern of the entry that is marked while this page is shown; absent: its own. */
  readonly below?: string;
}
