import { existsSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { CHECKOUT } from '../lab/checkout.js';
import { type Host, type ManagedProcess, until } from '../lab/index.js';

/** A port on this machine's loopback that leads into the lab. */
export interface Relay {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  /** Begins to relay to a server in the lab, as somebody on that host reaches it. */
  lead(from: Host, to: Host, port: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens the port at once, because a node has to know its own address before it starts. */
export async function openRelay(): Promise<Relay> {
  let path: string | undefined;
  let inside: ManagedProcess | undefined;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (path === undefined) return void client.destroy();
    pipeBoth(client, connect(path), sockets);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: addressOf(server),
    lead: async (from, to, port) => {
      const socket = join(from.directory, `relay-${to.name}.sock`);
      const script = join(CHECKOUT, 'test', 'e2e', 'relay.mjs');
      const argv = [process.execPath, script, socket, to.link().address, String(port)];
      inside = from.spawn(`relay-${to.name}`, argv);
      await until(() => existsSync(socket), { what: `the relay to ${to.name} listens` });
      path = socket;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      if (inside?.running) await inside.kill();
    },
  };
}

function pipeBoth(client: Socket, server: Socket, sockets: Set<Socket>): void {
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    sockets.add(from);
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  }
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return `127.0.0.1:${address.port}`;
}
