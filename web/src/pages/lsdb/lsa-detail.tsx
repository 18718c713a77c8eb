import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError, get, wordsOf } from '../../api/client.js';
import type { LsaDocument } from '../../api/types.js';
import { Banner } from '../../parts/banner.js';
import { Waiting } from '../../parts/waiting.js';
import { nodeName } from '../../store/cluster.js';
import { FieldTree } from './field-tree.js';
import { HexDump } from './hex-dump.js';
import { Age, hrefOf } from './lsa-table.js';
import { lsas } from './lsdb-store.js';

type Shown =
  | { readonly state: 'asking' }
  | { readonly state: 'shown'; readonly lsa: LsaDocument }
  | { readonly state: 'gone' }
  | { readonly state: 'failed'; readonly why: string };

/** One LSA down to the last field. `version`: which instance the list has now; null: it has none. */
export function LsaDetail({ id, version }: { readonly id: string; readonly version: string | null }) {
  const shown = useSignal<Shown>({ state: 'asking' });
  /** The bytes that the pointer or the keyboard is at. */
  const marked = useSignal<{ readonly offset: number; readonly length: number } | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    if (shown.peek().state !== 'shown' || idOf(shown.peek()) !== id) shown.value = { state: 'asking' };
    get<LsaDocument>(`/lsdb/${encodeURIComponent(id)}`, controller.signal).then(
      (lsa) => {
        shown.value = { state: 'shown', lsa };
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        const isGone = error instanceof ApiError && error.code === 'unknown-lsa';
        // What was shown stays to be read; the banner says that it is gone.
        if (isGone && idOf(shown.peek()) === id) return;
        shown.value = isGone ? { state: 'gone' } : { state: 'failed', why: wordsOf(error) };
      },
    );
    return () => controller.abort();
  }, [id, version]);
  const { value } = shown;
  return (
    <section class="panel lsa-detail" aria-labelledby="lsa-title" data-lsa-detail={id}>
      <div class="lsa-title">
        <h2 id="lsa-title">{value.state === 'shown' ? titleOf(value.lsa) : 'LSA'}</h2>
        <a class="button" href={hrefOf(null)}>
          Close
        </a>
      </div>
      {value.state === 'asking' && <Waiting what="Asking for the LSA" />}
      {value.state === 'gone' && <Gone />}
      {value.state === 'failed' && (
        <Banner tone="bad" title="The LSA cannot be shown">
          {value.why}
        </Banner>
      )}
      {value.state === 'shown' && (
        <>
          {version === null && lsas.value.size > 0 && <Gone />}
          <Facts lsa={value.lsa} />
          <FieldTree fields={value.lsa.fields} raw={value.lsa.raw} marked={marked} />
          <h3>All {value.lsa.length} bytes</h3>
          <HexDump raw={value.lsa.raw} marked={marked} />
        </>
      )}
    </section>
  );
}

function idOf(shown: Shown): string | null {
  return shown.state === 'shown' ? shown.lsa.id : null;
}

function Gone() {
  return (
    <Banner tone="warn" title="This node no longer has this LSA">
      Its router has withdrawn it, or it was replaced under another link state ID, as SRRD does with each change.
    </Banner>
  );
}

function titleOf({ type, typeName, linkStateId }: LsaDocument): string {
  return `${typeName} LSA (type ${type}) ${linkStateId}`;
}

function Facts({ lsa }: { readonly lsa: LsaDocument }) {
  const known = lsas.value.get(lsa.id);
  return (
    <>
      <p class="lsa-words">{lsa.words}</p>
      <p class="muted">
        From {nodeName(lsa.advertisingRouter)} ({lsa.advertisingRouter}), {scopeWords(lsa)}
        {known !== undefined && (
          <>
            , <Age lsa={known} /> old
          </>
        )}
        .
      </p>
    </>
  );
}

function scopeWords({ area, link }: LsaDocument): string {
  if (area === null) return 'flooded through the whole autonomous system';
  return link === null ? `flooded through area ${area}` : `flooded on the link of ${link} in area ${area}`;
}
