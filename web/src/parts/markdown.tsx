import type { VNode } from 'preact';
import { type Block, blocksOf, type Span, spansOf } from '../model/markdown.js';
import { Output, Wide } from './scroll.js';

/** A manual page. `link` says where a link of the text leads. */
export function Markdown({ text, link }: { readonly text: string; readonly link: (href: string) => string }) {
  return <div class="manual">{blocksOf(text).map((block, index) => renderBlock(block, index, link))}</div>;
}

type Link = (href: string) => string;

function renderBlock(block: Block, key: number, link: Link): VNode {
  switch (block.kind) {
    case 'heading': {
      const Heading = `h${block.level}` as 'h1';
      return (
        <Heading key={key} id={block.anchor}>
          <Spans text={block.text} link={link} />
        </Heading>
      );
    }
    case 'paragraph':
      return (
        <p key={key}>
          <Spans text={block.text} link={link} />
        </p>
      );
    case 'code':
      return <Output key={key}>{block.text}</Output>;
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul';
      return (
        <List key={key}>
          {block.items.map((item) => (
            <li key={item}>
              <Spans text={item} link={link} />
            </li>
          ))}
        </List>
      );
    }
    case 'table':
      return <Table key={key} head={block.head} rows={block.rows} link={link} />;
  }
}

interface TableProps {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly link: Link;
}

function Table({ head, rows, link }: TableProps) {
  return (
    <Wide label="Table">
      <table class="table">
        <thead>
          <tr>
            {head.map((cell) => (
              <th key={cell} scope="col">
                <Spans text={cell} link={link} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join('|')}>
              {row.map((cell, index) => (
                <td key={head[index] ?? cell}>
                  <Spans text={cell} link={link} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function Spans({ text, link }: { readonly text: string; readonly link: Link }) {
  return <>{spansOf(text).map((span, index) => renderSpan(span, index, link))}</>;
}

function renderSpan(span: Span, key: number, link: Link) {
  switch (span.kind) {
    case 'text':
      return span.text;
    case 'code':
      return <code key={key}>{span.text}</code>;
    case 'strong':
      return <strong key={key}>{span.text}</strong>;
    case 'emphasis':
      return <em key={key}>{span.text}</em>;
    case 'link':
      return (
        <a key={key} href={link(span.href)}>
          <Spans text={span.text} link={link} />
        </a>
      );
  }
}
