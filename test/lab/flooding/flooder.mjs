// Runs the OSPF transport alone in a host of a lab; its talk with ospfd goes to standard output. Takes commands and tells events, one JSON object a line, on a UNIX
// socket. Times are process.hrtime.bigint(): one clock for all hosts of the machine.
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { OspfApiClient } from 'ospfapi-shim';
import { GenerationFile, OspfTransport } from '../../../dist/flooding/index.js';

const [socket, generationFile, firstGeneration] = process.argv.slice(2);
const past = [];
let tell = (line) => past.push(line);

const client = new OspfApiClient({
  host: '127.0.0.1',
  port: 2607,
  opaque: [9, 10, 11].map((lsaType) => ({ lsaType, opaqueType: 222 })),
});

const port = {
  start: (listener) =>
    client.start((event) => {
      log(event.type, event.type === 'lsa' ? { ...event.lsa.header } : event);
      listener(event);
    }),
  stop: () => client.stop(),
  originate: (lsa) => logged('originate', lsa),
  delete: (lsa) => logged('delete', lsa),
  lsdb: client.lsdb,
  get reachable() {
    return client.reachable;
  },
};

const transport = new OspfTransport({
  port,
  cluster: 'default',
  store: new GenerationFile(generationFile, (text) => console.log(text)),
  notice: (notice) => console.log(JSON.stringify(notice)),
  ...(firstGeneration === 'any' ? {} : { firstGeneration: () => Number(firstGeneration) }),
});

transport.start((event) => {
  tell(`${JSON.stringify({ at: String(process.hrtime.bigint()), event })}\n`);
});

createServer((connection) => {
  tell = (line) => connection.write(line);
  for (const line of past.splice(0)) tell(line);
  createInterface({ input: connection }).on('line', (line) => void obey(JSON.parse(line)));
}).listen(socket);

async function logged(verb, lsa) {
  const { body, ...what } = lsa;
  log(verb, what);
  const reply = await client[verb](lsa);
  log(`${verb} answered ${reply.code}`, what);
  return reply;
}

function log(what, details) {
  console.log(`${process.hrtime.bigint() / 10_000n} ${what} ${JSON.stringify(details)}`);
}

async function obey(command) {
  switch (command.do) {
    case 'announce':
      transport.announce(command.announcement, command.urgency, { link: command.link ?? null });
      break;
    case 'withdraw':
      transport.withdraw(command.subject);
      break;
    case 'stop':
      await transport.stop();
      process.exit(0);
  }
}
