// Visitors of a node's web server, good and bad: ADDRESS CA CERT KEY STREAMS. Prints a line of JSON when all streams are
// open and one each second after that: { streams, owners, refused }: streams that are open, the owners
// that they told of last, and bad connections that were answered or cut.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { connect } from 'node:tls';

const [address = '', ca = '', cert = '', key = '', count = '200'] = process.argv.slice(2);
const [host, port] = address.split(':');
const holder = { host, port: Number(port), ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) };
const owners = new Map();
let refused = 0;

await Promise.all(Array.from({ length: Number(count) }, openStream));
console.log(JSON.stringify(tell()));
setInterval(() => console.log(JSON.stringify(tell())), 1000);
for (let index = 0; index < 40; index++) dripHead();
for (let index = 0; index < 10; index++) sendOversized();
for (let index = 0; index < 100; index++) sayNothing();

function tell() {
  return { streams: owners.size, owners: [...new Set(owners.values())], refused };
}

/** Settles when the stream has told something. A visitor who is cut, having been too slow, comes again, as a browser does. */
function openStream() {
  return new Promise((resolve) => attempt(resolve));
}

function attempt(begun) {
  const stream = request({ ...holder, path: '/api/v1/stream', agent: false }, (response) => {
    let rest = '';
    response.setEncoding('utf8');
    response.on('data', (text) => {
      const events = (rest + text).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) take(stream, event);
      begun();
    });
    response.on('error', () => {});
  });
  stream.on('error', () => {});
  stream.on('close', () => {
    owners.delete(stream);
    setTimeout(() => attempt(begun), 1000);
  });
  stream.end();
}

function take(stream, event) {
  const json = /^event: status\ndata: (.*)$/.exec(event)?.[1];
  if (json === undefined) return;
  const [service] = JSON.parse(json).services;
  if (service !== undefined) owners.set(stream, service.owner);
  else if (!owners.has(stream)) owners.set(stream, null);
}

/** A request head that never ends. */
function dripHead() {
  const socket = connect(holder);
  const drip = setInterval(() => socket.write('x: y\r\n'), 500);
  socket.write('GET /api/v1/status HTTP/1.1\r\nHost: x\r\n');
  again(socket, dripHead, () => clearInterval(drip));
}

function sendOversized() {
  const socket = connect(holder);
  const head = 'POST /api/v1/services/ECHO/stop HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  socket.write(`${head}Content-Length: 100000000\r\n\r\n`);
  const more = setInterval(() => socket.write(' '.repeat(100_000)), 20);
  again(socket, sendOversized, () => clearInterval(more));
}

function sayNothing() {
  again(connectTcp({ host, port: Number(port) }), sayNothing, () => {});
}

function again(socket, repeat, end) {
  socket.on('error', () => {});
  socket.on('data', () => {});
  socket.on('close', () => {
    end();
    refused += 1;
    setTimeout(repeat, 1000);
  });
}
