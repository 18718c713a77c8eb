// Inside a node's namespace: joins its loopback to UNIX sockets, which all namespaces share.
// usage: door.mjs FOLDER OWN_PORT OTHER_PORT...
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

const [folder, own, ...others] = process.argv.slice(2);

/** Whoever connects there is joined to whoever listens here. */
function joinPorts(listen, target) {
  createServer((from) => {
    const to = connect(target);
    from.on('error', () => to.destroy());
    to.on('error', () => from.destroy());
    from.pipe(to).pipe(from);
  }).listen(listen);
}

joinPorts({ path: join(folder, own) }, { host: '127.0.0.1', port: Number(own) });
for (const port of others) joinPorts({ host: '127.0.0.1', port: Number(port) }, { path: join(folder, port) });
