// Runs in a network namespace. Each connection to the UNIX socket becomes one to the address, so that a browser outside
// reaches a server inside. UNIX sockets belong to the file system, not to a namespace.
//
// usage: relay.mjs SOCKET ADDRESS PORT
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';

const [, , socket, address, port] = process.argv;
rmSync(socket, { force: true });
createServer((client) => {
  const server = connect({ host: address, port: Number(port) });
  for (const [from, to] of [
    [client, server],
    [server, client],
  ]) {
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
}).listen(socket);
