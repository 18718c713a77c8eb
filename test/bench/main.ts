import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../lab/checkout.js';
import { runBench } from './bench.js';
import { readOptions } from './options.js';
import { printSummary } from './print.js';
import { ALL_SCENARIOS, STAGES } from './stages.js';
import { publish, writeResults } from './write-results.js';

/**
 * `make bench`: measures failovers in labs of real FRR, next to what people would use instead. RUNS= and ONLY= choose,
 * OUT= says where the results go, PUBLISH=1 makes them those of the documentation. Status 1 if a target is missed or a scenario could not be run (docs/bench.md).
 */
try {
  process.exitCode = await main();
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  // The labs' handler of this process's end clears everything away.
  process.exit(1);
}

async function main(): Promise<number> {
  if (!existsSync(join(CHECKOUT, 'dist', 'cli')))
    throw new Error('srrd is not built: run "make bench", which builds it');
  const options = readOptions(process.env, ALL_SCENARIOS);
  const results = await runBench(STAGES, options);
  writeResults(options.directory, results);
  const good = printSummary(results);
  console.log(`bench: took ${results.seconds} s; everything is in ${options.directory}`);
  if (process.env.PUBLISH === '1') publish(results);
  return good ? 0 : 1;
}
