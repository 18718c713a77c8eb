// Fetches a page again and again, each time over a new connection, and says what it got, until its standard input ends.
// usage: http.mjs ADDRESS PORT HZ PATH TIMEOUT_MS PATTERN
// Output as in udp.mjs; SENDER is what the first group of the regular expression PATTERN finds in the page, or, if PATTERN
// is empty, the answer's X-Node header or the page's first word. Only status 200 is an answer.
import { Agent, request } from 'node:http';
import { startOutput } from './output.mjs';

const [address, port, hz, path, timeout, pattern] = process.argv.slice(2);
const output = startOutput();
let sequence = 0;
setInterval(() => fetchPage(sequence++), 1000 / Number(hz));

function fetchPage(number) {
  output.line(`s ${number} ${process.hrtime.bigint()}`);
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
    response.on('error', () => {});
    response.on('end', () => {
      if (response.statusCode !== 200) return;
      output.line(`r ${number} ${process.hrtime.bigint()} ${senderOf(response, page)}`);
    });
  });
  asked.on('error', () => {});
  asked.end();
}

function senderOf(response, page) {
  const words = page
    .replaceAll(/<[^>]*>/g, ' ')
    .trim()
    .split(/\s+/);
  const found = pattern ? new RegExp(pattern).exec(page)?.[1] : (response.headers['x-node'] ?? words[0]);
  return found?.replaceAll(/\s/g, '') || '-';
}
