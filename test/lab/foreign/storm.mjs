// Floods opaque LSAs of type 222 from a router without srrd as fast as its ospfd takes them: announcements out of the LSDB,
// under ever new link state IDs, each deleted again when COUNT are out. Says "flooding" when it begins and
// "flooded N" when SECONDS have passed; then it deletes what is out, says "flushed", and stays until it is ended.
// usage: storm.mjs SECONDS COUNT
import { decodeBody, encodeBody } from '../../../dist/lsa/index.js';
import { clientOfOspfd, OPAQUE_TYPE } from './client.mjs';

const NAMES = 50;
const [seconds, count] = process.argv.slice(2).map(Number);

const { client, genuine } = await clientOfOspfd();
const service = genuine
  .map(({ body }) => decodeBody(body))
  .find((read) => read.ok && read.announcement.kind === 'service');
if (service === undefined) throw new Error('there is no announcement of a service');

const out = new Set();
let flooded = 0;
console.log('flooding');
const end = performance.now() + seconds * 1000;
while (performance.now() < end) {
  await Promise.all(Array.from({ length: 100 }, () => flood()));
}
console.log(`flooded ${flooded}`);
while (out.size > 0) await Promise.all([...out].slice(0, 100).map((id) => flush(id)));
console.log('flushed');

async function flood() {
  const number = flooded++;
  const id = linkStateId(number);
  const { announcement, cluster } = service;
  const definition = { ...announcement.definition, name: `STORM${number % NAMES}`, addresses: [] };
  const sequence = { ...announcement.sequence, counter: number + 1 };
  const body = encodeBody({ ...announcement, definition: { ...definition, kind: 'resource' }, sequence }, cluster);
  out.add(id);
  await client.originate({ lsaType: 11, linkStateId: id, body });
  if (out.size > count) {
    const [oldest] = out;
    await flush(oldest);
  }
}

async function flush(id) {
  out.delete(id);
  await client.delete({ lsaType: 11, linkStateId: id });
}

/** 222.G.S.S: the series of services, one generation after the other. */
function linkStateId(number) {
  const series = 512 + (number % 65_024);
  const generation = Math.floor(number / 65_024) % 256;
  return ((OPAQUE_TYPE << 24) | (generation << 16) | series) >>> 0;
}
