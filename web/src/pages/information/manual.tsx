import { useEffect, useState } from 'preact/hooks';
import { wordsOf } from '../../api/client.js';
import { Trouble } from '../../parts/trouble.js';
import { Waiting } from '../../parts/waiting.js';
import type { Page, PageParams } from '../page.js';

export const manualPage: Page = {
  pattern: '/information/:page',
  title: ({ page }) => `Manual: ${page}`,
  component: ManualPage,
  below: '/information',
};

function ManualPage({ params }: { readonly params: PageParams }) {
  return (
    <>
      <p>
        <a href="/information">All pages of the manual</a>
      </p>
      <section class="panel">
        <ManualText page={params.page ?? 'index'} />
      </section>
    </>
  );
}

/** A page of the manual, as it is on this node: it is of the same version. */
export function ManualText({ page }: { readonly page: string }) {
  const [text, setText] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    load(page, controller.signal).then(
      (loaded) => {
        setText(loaded);
        setError(null);
      },
      (failure) => {
        if (!controller.signal.aborted) setError(wordsOf(failure));
      },
    );
    return () => controller.abort();
  }, [page]);
  useEffect(() => {
    if (text !== null && location.hash !== '') document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [text]);
  if (error !== null) {
    return (
      <Trouble
        title="No such page of the manual"
        what={`${page}: ${error}`}
        todo={[
          <>
            See <a href="/information">all pages of the manual</a>.
          </>,
        ]}
      />
    );
  }
  if (text === null) return <Waiting what="Loading" />;
  // Made from our own texts when the pages were built.
  return <div class="manual" dangerouslySetInnerHTML={{ __html: text }} />;
}

async function load(page: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(`/manual/${encodeURIComponent(page)}.html`, { signal });
  const text = await response.text();
  // A path that nothing is known of is answered with the page itself.
  if (!response.ok || text.startsWith('<!doctype')) throw new Error('this node has no such page');
  return text;
}
