import type { X509Certificate } from 'node:crypto';
import type { NodeStatus } from '../cluster/index.js';
import type { WebTls } from '../http/index.js';
import { commonNames, isOfNode } from '../pki/index.js';
import { certificateAt } from './certificate-at.js';

export interface WebServersOptions {
  /** The nodes as this one knows them, itself among them. */
  readonly nodes: () => readonly NodeStatus[];
  /** Dotted quad; null: not known yet. */
  readonly self: () => string | null;
  /** An answer is another one than before. */
  readonly changed: () => void;
  readonly now?: () => number;
}

/** One handshake begins in so many ms at most: it takes this thread some ms. */
const EVERY_MS = 500;

/** How many are under way at most: a server that does not answer holds up those of honest nodes by little. */
const MOST_AT_ONCE = 4;

/** How long an answer counts before the server is asked again. */
const CONFIRMED_FOR_MS = 600_000;
const DOUBTED_FOR_MS = 30_000;

/** A node that says another address each second is asked at most so often. */
const SAME_NODE_EVERY_MS = 10_000;

const NOT_ASKED = 'its certificate has not been looked at yet';
const WITHOUT_TLS = 'this node has no web.tls to check its certificate by';

/** What was found of a node's web server. */
interface Found {
  /** What it was asked about: another name or address is another question. */
  readonly of: string;
  readonly askedAtMs: number;
  readonly doubt: string | null;
}

/**
 * Whether the address that a node tells of is its own web server's. Who can flood an LSA can give any name and any address,
 * so an address counts that `web.nodes` gives to that router ID, or where a server shows a certificate of ours for its
 * name or router ID. Servers are asked in the background, one after the other.
 */
export class WebServers {
  readonly #options: WebServersOptions;
  readonly #now: () => number;
  /** By router ID. Only of nodes that are known now. */
  readonly #found = new Map<string, Found>();
  readonly #asking = new Set<string>();
  #tls: WebTls | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WebServersOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** From now on servers are asked, as one of this cluster. */
  begin(tls: WebTls): void {
    this.#tls = tls;
    this.#timer = setInterval(() => this.askNext(), EVERY_MS);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#tls = null;
  }

  /** Why the node's web address is not to be followed, in words; null: it is confirmed, or it tells of none. */
  doubt(node: NodeStatus): string | null {
    if (node.web === null || node.routerId === this.#options.self()) return null;
    if (this.#tls === null) return WITHOUT_TLS;
    const configured = this.#tls.nodes[node.routerId];
    if (configured !== undefined) {
      const address = `${configured.host}:${configured.port}`;
      return address === node.web ? null : `web.nodes says ${address}`;
    }
    const found = this.#found.get(node.routerId);
    if (found?.of === question(node)) return found.doubt;
    return node.reachable ? NOT_ASKED : 'it cannot be reached, and its certificate has not been looked at';
  }

  /** Asks the server whose turn it is. Settles when it has answered, at once if it is nobody's turn. */
  async askNext(): Promise<void> {
    const tls = this.#tls;
    const node = tls === null ? undefined : this.#next(tls);
    if (tls === null || node === undefined) return;
    this.#asking.add(node.routerId);
    const before = this.doubt(node);
    const found = { of: question(node), askedAtMs: this.#now(), doubt: await doubtOf(node, tls) };
    this.#asking.delete(node.routerId);
    this.#found.set(node.routerId, found);
    if (found.doubt !== before) this.#options.changed();
  }

  /** Those that were confirmed keep their links, whatever newcomers there are; else whoever was asked longest ago. */
  #next({ nodes: configured }: WebTls): NodeStatus | undefined {
    const nodes = this.#options.nodes();
    const known = new Set(nodes.map(({ routerId }) => routerId));
    for (const routerId of this.#found.keys()) if (!known.has(routerId)) this.#found.delete(routerId);
    if (this.#asking.size >= MOST_AT_ONCE) return undefined;
    const due = nodes.filter(
      (node) =>
        node.web !== null &&
        node.reachable &&
        node.routerId !== this.#options.self() &&
        configured[node.routerId] === undefined &&
        !this.#asking.has(node.routerId) &&
        this.#isDue(node),
    );
    return due.toSorted((a, b) => this.#askedAtMs(a) - this.#askedAtMs(b))[0];
  }

  #isDue(node: NodeStatus): boolean {
    const found = this.#found.get(node.routerId);
    if (found === undefined) return true;
    const isSame = found.of === question(node);
    const pauseMs = !isSame ? SAME_NODE_EVERY_MS : found.doubt === null ? CONFIRMED_FOR_MS : DOUBTED_FOR_MS;
    return this.#now() - found.askedAtMs >= pauseMs;
  }

  #askedAtMs(node: NodeStatus): number {
    const found = this.#found.get(node.routerId);
    if (found === undefined) return 0;
    return found.of === question(node) && found.doubt === null ? Number.NEGATIVE_INFINITY : found.askedAtMs;
  }
}

function question({ name, web }: NodeStatus): string {
  return `${name} ${web}`;
}

async function doubtOf(node: NodeStatus, tls: WebTls): Promise<string | null> {
  const [host = '', port] = (node.web ?? '').split(':');
  try {
    const chain = await certificateAt({ host, port: Number(port) }, tls.files.context);
    const distrust = tls.whyNotTrusted(chain);
    return distrust !== null ? `its certificate does not count: ${distrust}` : doubtOfNames(chain[0], node);
  } catch (error) {
    return `no certificate of this cluster was seen there: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function doubtOfNames(certificate: X509Certificate | undefined, node: NodeStatus): string | null {
  if (certificate !== undefined && isOfNode(certificate, node)) return null;
  const names = certificate === undefined ? [] : commonNames(certificate);
  return `the certificate there is of ${names.join(', ') || 'somebody without a name'}, not of ${node.name} or ${node.routerId}`;
}
