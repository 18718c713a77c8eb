import { processOutput } from './output.js';
import { srrctl } from './srrctl.js';

process.exitCode = await srrctl(process.argv.slice(2), processOutput('srrctl'));
