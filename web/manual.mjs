// The manual as HTML, made when the pages are built. The texts are our own, and still: HTML in them is shown, not obeyed.
import { Marked, Renderer } from 'marked';

/** The HTML of a page of docs/, from its Markdown (CommonMark with tables). */
export function manualPage(markdown) {
  const pages = new Marked({ gfm: true, renderer: RENDERER });
  return pages.parse(markdown.replace(/<!--[\s\S]*?-->\n?/g, ''));
}

// What is wider than its place scrolls, and what scrolls must be reachable by keyboard (WCAG 2.1.1).
const RENDERER = {
  heading({ tokens, depth, text }) {
    return `<h${depth} id="${anchorOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
  },
  table(token) {
    const table = Renderer.prototype.table.call(this, token).replace('<table>', '<table class="table">');
    return `<section class="scroll-x" aria-label="Table" tabindex="0">${table.replaceAll('<th>', '<th scope="col">')}</section>\n`;
  },
  code({ text }) {
    return `<pre class="output" tabindex="0">${escapeHtml(text)}</pre>\n`;
  },
  link({ href, tokens }) {
    return `<a href="${escapeHtml(targetOf(href))}">${this.parser.parseInline(tokens)}</a>`;
  },
  // The manual has no pictures: what they show is on the pages themselves.
  image({ text }) {
    return `<em>${escapeHtml(text)}</em>`;
  },
  html({ text }) {
    return escapeHtml(text);
  },
};

/** As GitHub names a heading: lower case, hyphens for spaces, no other signs. */
function anchorOf(text) {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/** The page of the manual that a file of ours becomes: `docs/events.md` is `events`. Null: it becomes none. */
export function manualName(path) {
  const [, folder, name] = /^(?:\.\.?\/)*(?:docs\/)?(decisions\/)?([\w-]+)\.md$/.exec(path) ?? [];
  if (folder !== undefined && name === 'README') return 'decisions';
  return path === 'docs/README.md' ? 'index' : (name ?? null);
}

/** The pages link to each other as files; what is outside of the manual is in the repository. */
function targetOf(href) {
  const [path, hash] = href.split('#');
  const page = manualName(path);
  if (page !== null) return `/information/${page}${hash === undefined ? '' : `#${hash}`}`;
  return href.startsWith('#') || /^https?:/.test(href) ? href : '/information';
}

function escapeHtml(text) {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`);
}
