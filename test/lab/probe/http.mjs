// Fetches a page again and again, each time over a new connection, and says what it got, until its standard input ends.
// usage: http.mjs ADDRESS PORT HZ PATH TIMEOUT_MS PATTERN
// Output as in udp.mjs; SENDER is what the first group of the regular expression PATTERN finds in the page, or, if PATTERN
// is empty, the answer's X-Node header or the page's first word. Only status 200 is an answer. Any other end:
//   x SEQUENCE TIME WHY        ECONNREFUSED, ECONNRESET, …, `timeout`, or the status
import { Agent, request } from 'node:http';
import { startOutput } from './output.mjs';

const [address, port, hz, path, timeout, pattern] = process.argv.slice(2);
const output = startOutput();
const interval = BigInt(Math.round(1e9 / Number(hz)));
let sequence = 0;
let due = process.hrtime.bigint();
setInterval(
  () => {
    // A late timer catches up, so the rate holds.
    for (let now = process.hrtime.bigint(); due <= now; due += interval) fetchPage(sequence++);
  },
  Math.max(1, 1000 / Number(hz)),
);

function fetchPage(number) {
  output.line(`s ${number} ${process.hrtime.bigint()}`);
  const failed = (why) => output.line(`x ${number} ${process.hrtime.bigint()} ${why}`);
  const agent = new Agent({ keepAlive: false });
  const asked = request({
    host: address,
    port: Number(port),
    path,
    agent,
    signal: AbortSignal.timeout(Number(timeout)),
  });
  asked.on('response', (response) => {
    let page = '';
    response.setEncoding('utf8');
    response.on('data', (chunk) => {
      if (page.length < 10_000) page += chunk;
    });
    response.on('error', (error) => failed(reasonOf(error)));
    response.on('end', () => {
      if (response.statusCode !== 200) return failed(response.statusCode);
      output.line(`r ${number} ${process.hrtime.bigint()} ${senderOf(response, page)}`);
    });
  });
  asked.on('error', (error) => failed(reasonOf(error)));
  asked.end();
}

function reasonOf({ code, name }) {
  return code === 'ABORT_ERR' ? 'timeout' : (code ?? name);
}

function senderOf(response, page) {
  const words = page
    .replaceAll(/<[^>]*>/g, ' ')
    .trim()
    .split(/\s+/);
  const found = pattern ? new RegExp(pattern).exec(page)?.[1] : (response.headers['x-node'] ?? words[0]);
  return found?.replaceAll(/\s/g, '') || '-';
}
