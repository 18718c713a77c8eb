// Fetches a page again and again, each time over a new connection, and says what it got, until its standard input ends.
// usage: http.mjs ADDRESS PORT HZ PATH TIMEOUT_MS PATTERN
// Output as in udp.mjs; SENDER is what the first group of the regular expression PATTERN finds in the page, or, if PATTERN
// is empty, the answer's X-Node header or the page's first word. Only status 200 is an answer. Any other end:
//   x SEQUENCE TIME WHY        ECONNREFUSED, ECONNRESET, …, `timeout`, `cut` (half an answer), or the status
// Speaks HTTP over plain sockets: Node's own client takes several times as long for a request, and a probe that has more
// to do than it can measures itself.
import { connect } from 'node:net';
import { startOutput } from './output.mjs';
import { startTicking } from './tick.mjs';

const [address, port, hz, path, timeout, pattern] = process.argv.slice(2);
const output = startOutput();
const question = `GET ${path} HTTP/1.0\r\nHost: ${address}\r\nConnection: close\r\n\r\n`;
const open = new Map();

// Every question comes from a port of its own. Left to the kernel, ports come again within a minute, while a server that
// was left in the midst of a connection still holds it: it answers that, and the question is asked again a second later.
const FIRST_PORT = 2_048;
const PORTS = 65_536 - FIRST_PORT;

startTicking(Number(hz), output, fetchPage, (ownTimeMs) => {
  for (const [number, { socket, begunMs }] of open) {
    if (ownTimeMs - begunMs < Number(timeout)) break;
    end(number, 'timeout');
    socket.destroy();
  }
});

function fetchPage(number, ownTimeMs) {
  output.line(`s ${number} ${process.hrtime.bigint()}`);
  const localPort = FIRST_PORT + ((process.pid * 1_000 + number) % PORTS);
  const socket = connect({ host: address, port: Number(port), localPort, noDelay: true });
  open.set(number, { socket, begunMs: ownTimeMs });
  let answer = '';
  socket.setEncoding('utf8');
  socket.on('connect', () => socket.write(question));
  socket.on('data', (text) => {
    answer += text;
  });
  socket.on('error', ({ code }) => end(number, code));
  socket.on('end', () => judge(number, answer));
}

function end(number, why) {
  if (open.delete(number)) output.line(`x ${number} ${process.hrtime.bigint()} ${why}`);
}

function judge(number, answer) {
  const border = answer.indexOf('\r\n\r\n');
  const [head, page] = [answer.slice(0, Math.max(0, border)), answer.slice(border + 4)];
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (status === undefined || Buffer.byteLength(page) < Number(length ?? 0)) return end(number, 'cut');
  if (status !== '200') return end(number, status);
  if (open.delete(number)) output.line(`r ${number} ${process.hrtime.bigint()} ${senderOf(head, page)}`);
}

function senderOf(head, page) {
  const words = page
    .replaceAll(/<[^>]*>/g, ' ')
    .trim()
    .split(/\s+/);
  const header = /^x-node: *(.*)$/im.exec(head)?.[1];
  const found = pattern ? new RegExp(pattern).exec(page)?.[1] : (header ?? words[0]);
  return found?.replaceAll(/\s/g, '') || '-';
}
