// Answers every datagram to ADDRESS:PORT with the datagram, a space and NAME.
// usage: responder.mjs ADDRESS PORT NAME
// Binding to an address that the host does not have yet needs net.ipv4.ip_nonlocal_bind=1, which the lab sets.
import { createSocket } from 'node:dgram';

const [address, port, name] = process.argv.slice(2);
// Room for half a second of questions, should the machine not let it run so long.
const socket = createSocket({ type: 'udp4', recvBufferSize: 2 ** 20 });
socket.on('message', (message, from) => {
  // An answer that cannot be sent is a lost answer: the probe counts those.
  socket.send(`${message} ${name}`, from.port, from.address, () => {});
});
socket.bind(Number(port), address, () => console.log(`${name} answers at ${address}:${port}`));
