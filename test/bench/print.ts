import type { Results } from './bench.js';
import { asText, loadTable, missedTargets, timesTable } from './tables.js';

/** Prints the tables, and a sentence for everything that is not as it should be. Returns whether there was none. */
export function printSummary(results: Results): boolean {
  console.log(`\n${asText(timesTable(results))}\n`);
  const load = loadTable(results);
  if (load.length > 0) console.log(`${asText(load)}\n`);
  const complaints = [
    ...missedTargets(results).map((text) => `target missed: ${text}`),
    ...results.failures.map(({ scenario, reason }) => `${scenario} could not be measured: ${reason}`),
  ];
  for (const text of complaints) console.log(`bench: ${text}`);
  if (complaints.length === 0) console.log('bench: every target is met');
  return complaints.length === 0;
}
