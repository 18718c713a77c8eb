import { existsSync, mkdirSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { CHECKOUT } from './checkout.js';
import type { Host } from './host.js';
import type { Lab } from './lab.js';
import { until } from './until.js';

/** Where a browser on this machine, and srrd on every node, find a node's web server: `127.0.0.1` and this port. */
export type Ports = ReadonlyMap<Host, number>;

const FIRST_CHOICE = 8443;

/**
 * Makes the web servers of the nodes reachable from this machine without a network between them: a port of this
 * machine's loopback for each, and the same port of each node's own loopback leads to the same server, so that links from
 * one node's pages to another's work. What joins them are UNIX sockets in the lab's folder; it ends with the lab and
 * this process. It is beside the wires: a node that is cut off can still be looked at.
 */
export async function openDoorway(lab: Lab, nodes: readonly Host[]): Promise<Ports> {
  const folder = join(lab.directory, 'web');
  mkdirSync(folder, { mode: 0o700 });
  const ports = new Map<Host, number>();
  for (const [index, node] of nodes.entries()) ports.set(node, await listen(folder, FIRST_CHOICE + index));
  for (const [node, port] of ports) {
    const others = [...ports.values()].filter((other) => other !== port);
    const script = join(CHECKOUT, 'test', 'lab', 'doorway', 'door.mjs');
    node.spawn('door', [process.execPath, script, folder, String(port), ...others.map(String)]);
  }
  const isOpen = () => [...ports.values()].every((port) => existsSync(join(folder, String(port))));
  await until(isOpen, { what: 'the doorway is open' });
  return ports;
}

/** Joins a port of this machine's loopback, this one if it is free, to the socket of its name. Returns the port. */
async function listen(folder: string, wanted: number): Promise<number> {
  const server = createServer((from) => {
    const to = connect(join(folder, String(portOf(server))));
    from.on('error', () => to.destroy());
    to.on('error', () => from.destroy());
    from.pipe(to).pipe(from);
  });
  // The demo ends when it is done, not when nobody looks any more.
  server.unref();
  const tryPort = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  await tryPort(wanted).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    return tryPort(0);
  });
  return portOf(server);
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
