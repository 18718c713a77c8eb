/**
 * The pages: each reads the store, asks the API for what is not in it, and shows it.
 *
 * They show what the node says and nothing else: no page changes its picture because a button was pressed. A page must not
 * know how the live connection works (store/) or where it is framed (shell/).
 */
import { matchPath } from '../routing/match-path.js';
import { availabilityPage } from './availability/index.js';
import { editDefinitionPage, newDefinitionPage } from './configuration/edit.js';
import { configurationPage } from './configuration/index.js';
import { eventsPage } from './events/index.js';
import { informationPage } from './information/index.js';
import { manualPage } from './information/manual.js';
import { lsdbPage } from './lsdb/index.js';
import { nodePage } from './node/index.js';
import { NotFound } from './not-found/index.js';
import { overviewPage } from './overview/index.js';
import type { Page, PageParams } from './page.js';
import { routersPage } from './routers/index.js';
import { servicePage } from './service/index.js';
import { statusPage } from './status/index.js';
import { topologyPage } from './topology/index.js';

export type { Page } from './page.js';

/** In the order of the navigation. */
export const PAGES: readonly Page[] = [
  overviewPage,
  statusPage,
  servicePage,
  configurationPage,
  newDefinitionPage,
  editDefinitionPage,
  lsdbPage,
  topologyPage,
  routersPage,
  eventsPage,
  availabilityPage,
  nodePage,
  informationPage,
  manualPage,
];

const UNKNOWN: Page = { pattern: '', title: () => 'No such page', component: NotFound };

export function pageAt(path: string): { readonly page: Page; readonly params: PageParams } {
  for (const page of PAGES) {
    const params = matchPath(page.pattern, path);
    if (params !== null) return { page, params };
  }
  return { page: UNKNOWN, params: {} };
}
