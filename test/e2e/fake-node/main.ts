import { join } from 'node:path';
import { startFakeNode } from './server.js';
import { crowd, shop } from './world.js';

// usage: npm run pages [-- NUMBER]: three fake nodes with a small shop, or with that many services.
const count = Number(process.argv[2] ?? 0);
const world = count > 0 ? crowd(count) : shop();
world.stepMs = 600;
const folder = join(process.cwd(), 'web', 'dist');
for (const { routerId, name } of world.nodes) {
  const node = await startFakeNode({ world, routerId, folder });
  console.log(`${name}: ${node.url}`);
}
