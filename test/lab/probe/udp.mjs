// Sends numbered datagrams at a steady rate and says what it sent and what came back, until its standard input ends.
// usage: udp.mjs ADDRESS[,ADDRESS...] PORT HZ
// Several addresses take turns: datagram n goes to the (n modulo their number)th.
// Output, one event a line, times in nanoseconds of CLOCK_MONOTONIC (the same clock in every process of the machine):
//   s SEQUENCE TIME            sent
//   r SEQUENCE TIME SENDER     answered
//   d SEQUENCE TIME MS         the probe itself did not run for so long (tick.mjs)
import { createSocket } from 'node:dgram';
import { startOutput } from './output.mjs';
import { startTicking } from './tick.mjs';

const [list, port, hz] = process.argv.slice(2);
const addresses = list.split(',');
const output = startOutput();
const socket = createSocket({ type: 'udp4', recvBufferSize: 2 ** 20 });

socket.on('message', (message) => {
  const time = process.hrtime.bigint();
  const [sequence, sender] = message.toString('utf8').split(' ');
  output.line(`r ${sequence} ${time} ${sender}`);
});
socket.on('error', () => {});

socket.bind(0, () =>
  startTicking(Number(hz), output, (sequence) => {
    output.line(`s ${sequence} ${process.hrtime.bigint()}`);
    // No route, or refused: lost, like any other.
    socket.send(String(sequence), Number(port), addresses[sequence % addresses.length], () => {});
  }),
);
