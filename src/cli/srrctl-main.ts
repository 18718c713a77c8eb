import { PROCESS_OUTPUT } from './output.js';
import { srrctl } from './srrctl.js';

process.exitCode = await srrctl(process.argv.slice(2), PROCESS_OUTPUT);
