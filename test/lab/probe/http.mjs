// Fetches a page again and again, each time over a new connection, and says what it got, until its standard input ends.
// usage: http.mjs ADDRESS PORT HZ PATH TIMEOUT_MS
// Output as in udp.mjs; SENDER is the answer's X-Node header, or else the first word of the page. Only status 200 is an answer.
import { Agent, request } from 'node:http';
import { startOutput } from './output.mjs';

const [address, port, hz, path, timeout] = process.argv.slice(2);
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
      const words = page
        .replaceAll(/<[^>]*>/g, ' ')
        .trim()
        .split(/\s+/);
      output.line(`r ${number} ${process.hrtime.bigint()} ${response.headers['x-node'] ?? (words[0] || '-')}`);
    });
  });
  asked.on('error', () => {});
  asked.end();
}
