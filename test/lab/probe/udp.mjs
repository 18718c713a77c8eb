// Sends numbered datagrams at a steady rate and says what it sent and what came back, until its standard input ends.
// usage: udp.mjs ADDRESS[,ADDRESS...] PORT HZ
// Several addresses take turns: datagram n goes to the (n modulo their number)th.
// Output, one event a line, times in nanoseconds of CLOCK_MONOTONIC (the same clock in every process of the machine):
//   s SEQUENCE TIME            sent
//   r SEQUENCE TIME SENDER     answered
import { createSocket } from 'node:dgram';
import { startOutput } from './output.mjs';

const [list, port, hz] = process.argv.slice(2);
const addresses = list.split(',');
const interval = BigInt(Math.round(1e9 / Number(hz)));
const output = startOutput();
const socket = createSocket('udp4');

socket.on('message', (message) => {
  const time = process.hrtime.bigint();
  const [sequence, sender] = message.toString('utf8').split(' ');
  output.line(`r ${sequence} ${time} ${sender}`);
});
socket.on('error', () => {});

socket.bind(0, () => {
  let sequence = 0;
  let due = process.hrtime.bigint();
  setInterval(() => {
    // A late timer catches up, so the rate holds; each datagram carries the time when it really went.
    for (let now = process.hrtime.bigint(); due <= now; due += interval) {
      output.line(`s ${sequence} ${process.hrtime.bigint()}`);
      // No route, or refused: lost, like any other.
      socket.send(String(sequence), Number(port), addresses[sequence % addresses.length], () => {});
      sequence += 1;
    }
  }, 1);
});
