import { computed, signal } from '@preact/signals';

/** Where the browser is. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

export const place = signal<Place>(read());

/** Path and query, for links to the same page on another node. */
export const sameHere = computed(() => {
  const query = place.value.query.toString();
  return place.value.path + (query === '' ? '' : `?${query}`);
});

/** Follows links within the pages without loading anything anew. */
export function startRouter(): void {
  window.addEventListener('popstate', () => {
    place.value = read();
  });
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || !isOurs(event, link)) return;
    event.preventDefault();
    navigate(link.pathname + link.search + link.hash);
  });
}

function isOurs(event: MouseEvent, link: HTMLAnchorElement): boolean {
  if (event.defaultPrevented || event.button !== 0) return false;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false;
  if (link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return false;
  return !link.pathname.startsWith('/api/') && !link.pathname.startsWith('/manual/');
}

export function navigate(to: string): void {
  const samePage = new URL(to, location.href).pathname === location.pathname;
  history.pushState(null, '', to);
  place.value = read();
  if (!samePage && location.hash === '') window.scrollTo(0, 0);
}

/** Changes the query in place: a filter is part of the address, but no step of the history. Empty values are left out. */
export function setQuery(changes: Readonly<Record<string, string>>): void {
  const query = new URLSearchParams(place.peek().query);
  for (const [key, value] of Object.entries(changes)) {
    if (value === '') query.delete(key);
    else query.set(key, value);
  }
  const text = query.toString();
  history.replaceState(null, '', place.peek().path + (text === '' ? '' : `?${text}`));
  place.value = read();
}

function read(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}
