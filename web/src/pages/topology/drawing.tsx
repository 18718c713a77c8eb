import type { ComponentChildren } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { TopologyDocument, TopologyLink } from '../../api/types.js';
import { navigate } from '../../routing/router.js';
import { nodeName } from '../../store/cluster.js';
import { layOut, type Point } from './layout.js';

export interface DrawingProps {
  readonly document: TopologyDocument;
  /** Vertices from here on that are marked. */
  readonly path: readonly string[];
}

/** Around everything that is drawn, for the names. */
const MARGIN = 110;
const SMALLEST_WIDTH = 760;
const SMALLEST_HEIGHT = 460;
const SHOWN_SERVICES = 4;
const ZOOM_STEP = 1.25;

/** Routers, networks and their costs as a picture; every symbol leads to its LSA. */
export function Drawing({ document, path }: DrawingProps) {
  const [zoom, setZoom] = useState(1);
  const before = useRef<ReadonlyMap<string, Point>>(new Map());
  const shape = shapeOf(document);
  const places = useMemo(() => {
    const vertices = [...document.routers, ...document.networks].map(({ id }) => id);
    const edges = document.links.map(({ from, to }) => [from, to] as const);
    before.current = layOut({ vertices, edges, root: document.routerId, before: before.current });
    return before.current;
    // Distances and services may change without the picture changing.
  }, [shape]);
  const box = boxOf(places);
  return (
    <div class="drawing">
      <div class="drawing-tools">
        <button type="button" onClick={() => setZoom(zoom * ZOOM_STEP)} aria-label="Larger">
          +
        </button>
        <button type="button" onClick={() => setZoom(zoom / ZOOM_STEP)} aria-label="Smaller">
          −
        </button>
        <button type="button" onClick={() => setZoom(1)}>
          All
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <section class="drawing-window" aria-label="Drawing of the topology" tabIndex={0}>
        <svg
          viewBox={`${box.x} ${box.y} ${box.width} ${box.height}`}
          style={{ width: `${100 * zoom}%`, height: `calc((100vh - 19rem) * ${zoom})` }}
        >
          <title>Topology: {document.routers.length} routers</title>
          {byMark(document.links, path).map((link) => (
            <Edge
              key={`${link.from} ${link.to} ${link.cost}`}
              link={link}
              places={places}
              isMarked={isOnPath(link, path)}
            />
          ))}
          {document.networks.map((network) => (
            <Network
              key={network.id}
              at={places.get(network.id)}
              prefix={network.prefix}
              lsa={network.lsa}
              isReached={network.distance !== null}
              isMarked={path.includes(network.id)}
            />
          ))}
          {document.routers.map((router) => (
            <Router
              key={router.id}
              router={router}
              at={places.get(router.id)}
              isHere={router.id === document.routerId}
              isMarked={path.includes(router.id)}
              services={servicesAt(router.id, document)}
            />
          ))}
        </svg>
      </section>
    </div>
  );
}

/** What decides where things are drawn. */
function shapeOf({ routers, networks, links }: TopologyDocument): string {
  const vertices = [...routers, ...networks].map(({ id }) => id).join(' ');
  return `${vertices}|${links.map(({ from, to }) => `${from} ${to}`).join(',')}`;
}

function boxOf(places: ReadonlyMap<string, Point>) {
  const all = [...places.values()];
  const xs = all.map(({ x }) => x);
  const ys = all.map(({ y }) => y);
  const [left, right] = [Math.min(0, ...xs) - MARGIN, Math.max(0, ...xs) + MARGIN];
  const [top, bottom] = [Math.min(0, ...ys) - MARGIN / 2, Math.max(0, ...ys) + MARGIN];
  // A small network is not blown up to the size of the window.
  const width = Math.max(right - left, SMALLEST_WIDTH);
  const height = Math.max(bottom - top, SMALLEST_HEIGHT);
  return { x: (left + right - width) / 2, y: (top + bottom - height) / 2, width, height };
}

/** What is marked is drawn last, above the other direction of the same link. */
function byMark(links: readonly TopologyLink[], path: readonly string[]): TopologyLink[] {
  return links.toSorted((a, b) => Number(isOnPath(a, path)) - Number(isOnPath(b, path)));
}

function isOnPath({ from, to }: TopologyLink, path: readonly string[]): boolean {
  const at = path.indexOf(from);
  return at >= 0 && path[at + 1] === to;
}

interface EdgeProps {
  readonly link: TopologyLink;
  readonly places: ReadonlyMap<string, Point>;
  readonly isMarked: boolean;
}

/** Each direction is drawn by itself, one over the other; its cost stands near the end that says it. */
function Edge({ link: { from, to, cost, mutual }, places, isMarked }: EdgeProps) {
  const [a, b] = [places.get(from), places.get(to)];
  if (a === undefined || b === undefined) return null;
  // Networks reach their routers for nothing (RFC 2328 section 2.1); that needs no number.
  const isFromNetwork = from.includes('/');
  return (
    <g class={`edge ${isMarked ? 'edge-marked' : ''} ${mutual ? '' : 'edge-one-way'}`}>
      <line x1={a.x} y1={a.y} x2={b.x} y2={b.y} />
      {!isFromNetwork && <text {...costPlace(a, b)}>{cost}</text>}
    </g>
  );
}

/** Nearer to the end that says it, and beside the line, so that both directions can be read. */
function costPlace(a: Point, b: Point): Point {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const [alongX, alongY] = [(b.x - a.x) / length, (b.y - a.y) / length];
  const beside = 11;
  return {
    x: a.x + alongX * length * 0.45 - alongY * beside,
    y: a.y + alongY * length * 0.45 + alongX * beside + 4,
  };
}

interface VertexProps {
  readonly at: Point;
  readonly lsa: string;
  readonly class: string;
  /** What it is called for those who only hear it; absent: what is written at it. */
  readonly words?: string;
  readonly children: ComponentChildren;
}

function Vertex({ at, lsa, class: kind, words, children }: VertexProps) {
  const href = `/lsdb?lsa=${encodeURIComponent(lsa)}`;
  return (
    <g transform={`translate(${at.x} ${at.y})`}>
      <a
        href={href}
        class={`vertex ${kind}`}
        {...(words === undefined ? {} : { 'aria-label': words })}
        onClick={(event) => {
          // The router follows links of the page itself only; this one belongs to a drawing.
          if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
          event.preventDefault();
          navigate(href);
        }}
      >
        {children}
      </a>
    </g>
  );
}

interface NetworkProps {
  readonly at: Point | undefined;
  readonly prefix: string;
  readonly lsa: string;
  readonly isReached: boolean;
  readonly isMarked: boolean;
}

function Network({ at, prefix, lsa, isReached, isMarked }: NetworkProps) {
  if (at === undefined) return null;
  return (
    <Vertex
      at={at}
      lsa={lsa}
      class={`vertex-network ${isMarked ? 'vertex-marked' : ''} ${isReached ? '' : 'vertex-lost'}`}
      words={`Network ${prefix}${isReached ? '' : ', not reached'}`}
    >
      <rect x="-56" y="-13" width="112" height="26" rx="13" />
      <text y="4">{prefix}</text>
    </Vertex>
  );
}

interface RouterProps {
  readonly router: TopologyDocument['routers'][number];
  readonly at: Point | undefined;
  readonly isHere: boolean;
  readonly isMarked: boolean;
  readonly services: readonly string[];
}

function Router({ router, at, isHere, isMarked, services }: RouterProps) {
  if (at === undefined) return null;
  const { id, name, distance, lsas, areaBorderRouter, asBoundaryRouter } = router;
  const roles = `${areaBorderRouter ? ', ABR' : ''}${asBoundaryRouter ? ', ASBR' : ''}`;
  const isReached = distance !== null;
  const called = name ?? nodeName(id);
  const cost = isHere ? 'this node' : isReached ? `cost ${distance}` : 'not reached';
  return (
    <Vertex
      at={at}
      lsa={lsas[0] ?? ''}
      class={`vertex-router ${isHere ? 'vertex-here' : ''} ${isMarked ? 'vertex-marked' : ''} ${isReached ? '' : 'vertex-lost'}`}
    >
      <circle r="17" />
      <path d="M-9 0h18M-9 0l4-3.5M-9 0l4 3.5M9 0l-4-3.5M9 0l-4 3.5" />
      <text y="33" class="vertex-name">
        {called}
      </text>
      <text y="47" class="vertex-note">
        {called === id ? cost : `${id}, ${cost}`}
        {roles}
      </text>
      {services.slice(0, SHOWN_SERVICES).map((service, index) => (
        <text key={service} y={62 + 14 * index} class="vertex-service">
          {service}
        </text>
      ))}
      {services.length > SHOWN_SERVICES && (
        <text y={62 + 14 * SHOWN_SERVICES} class="vertex-service">
          and {services.length - SHOWN_SERVICES} more
        </text>
      )}
    </Vertex>
  );
}

function servicesAt(router: string, { addresses }: TopologyDocument): string[] {
  return addresses
    .filter(({ announcedBy }) => announcedBy.some((one) => one.router === router))
    .map(({ address, services }) => `${services.join(', ')} ${address}`);
}
