/**
 * The frame around every page: which node this is, the way to the others, the navigation, whether the live connection is
 * up, and what became of the commands that were given here.
 */
import { useEffect, useRef } from 'preact/hooks';
import { CommandMenuHost } from '../actions/command-menu.js';
import { pageAt } from '../pages/index.js';
import { DialogHost } from '../parts/dialog.js';
import { place } from '../routing/router.js';
import { picture } from '../store/cluster.js';
import { connection, session } from '../store/connection.js';
import { ConnectionBanner } from './connection-banner.js';
import { ErrorBoundary } from './error-boundary.js';
import { Footer } from './footer.js';
import { Header } from './header.js';
import { Navigation } from './navigation.js';
import { Notices } from './notices.js';
import { Refused } from './refused.js';

export function Shell() {
  const { path } = place.value;
  const { page, params } = pageAt(path);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const title = page.title(params);
  const node = session.value?.node.name;

  useEffect(() => {
    document.title = node === undefined ? `${title} – SRRD` : `${title} – ${node} – SRRD`;
  }, [title, node]);
  useEffect(() => {
    // People who hear the page, or use it by keyboard, go on where the new page begins.
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [path]);

  const Content = page.component;
  const state = connection.value;
  return (
    <>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <Header />
      <Navigation current={page} />
      <main id="main" ref={main} tabIndex={-1}>
        {state.state === 'refused' && picture.value === null ? (
          <Refused reason={state.reason} />
        ) : (
          <>
            <ConnectionBanner />
            <ErrorBoundary key={path}>
              <Content params={params} />
            </ErrorBoundary>
          </>
        )}
      </main>
      <Footer />
      <Notices />
      <CommandMenuHost />
      <DialogHost />
    </>
  );
}
