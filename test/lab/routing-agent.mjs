// Runs the product's AliasManager alone in a namespace: a call a line on standard input, results and events as JSON lines.
// argv: 2 = the three VTYs as JSON, 3 = the lease in ms, 4 = where is recorded what is up.
import { createInterface } from 'node:readline';
import { AliasManager } from '../../dist/routing/index.js';

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

const manager = new AliasManager({
  vty: JSON.parse(process.argv[2]),
  leaseMs: Number(process.argv[3]),
  recordFolder: process.argv[4],
  onLost: (event) => say({ event }),
  onLeaseOverrun: (lateMs) => say({ event: { type: 'lease-overrun', lateMs } }),
  report: (level, text) => say({ event: { type: 'report', level, text } }),
});
manager.start();

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const { id, call, args } = JSON.parse(line);
    const begin = performance.now();
    try {
      const value = await manager[call](...args);
      say({ id, value, ms: performance.now() - begin });
    } catch (error) {
      say({ id, error: String(error), ms: performance.now() - begin });
    }
  })
  .on('close', () => {
    manager.close();
  });
