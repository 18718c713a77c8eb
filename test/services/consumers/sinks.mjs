// usage: sinks.mjs FOLDER: an HTTP server that fails twice (8080), an SMTP server (2525) and a syslog socket (FOLDER/log.sock), which
// write what they get into FOLDER/webhook, mail and syslog.
import { appendFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';

const folder = process.argv[2] ?? '.';
const note = (file, text) => appendFileSync(join(folder, file), text);

let asked = 0;
const http = createHttp((request, response) => {
  let body = '';
  request.on('data', (part) => {
    body += part;
  });
  request.on('end', () => {
    asked += 1;
    const isRight = request.headers.authorization === 'Bearer secret';
    if (asked > 2 && isRight) note('webhook', `${body}\n`);
    response.writeHead(asked > 2 && isRight ? 204 : 503).end();
  });
});

const smtp = createServer((socket) => {
  let isData = false;
  let waiting = '';
  let base64 = '';
  socket.on('error', () => {});
  socket.write('220 sink\r\n');
  socket.setEncoding('utf8').on('data', (part) => {
    waiting += part;
    const lines = waiting.split('\r\n');
    waiting = lines.pop() ?? '';
    for (const line of lines) {
      if (isData && line === '.') {
        isData = false;
        note('mail', `${Buffer.from(base64.slice(base64.indexOf('\n\n')), 'base64').toString()}\n`);
        socket.write('250 taken\r\n');
      } else if (isData) base64 += `${line}\n`;
      else if (/^DATA/i.test(line)) {
        isData = true;
        base64 = '';
        socket.write('354 go on\r\n');
      } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
      else socket.write('250 sink\r\n');
    }
  });
});

const syslog = createServer((socket) => {
  socket.on('error', () => {});
  socket.setEncoding('utf8').on('data', (part) => note('syslog', part));
});

http.listen(8080, '127.0.0.1', () =>
  smtp.listen(2525, '127.0.0.1', () =>
    syslog.listen(join(folder, 'log.sock'), () => writeFileSync(join(folder, 'ready'), '')),
  ),
);
