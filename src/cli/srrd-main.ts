import { PROCESS_OUTPUT } from './output.js';
import { srrd } from './srrd.js';

// What the modules still hold open must not keep a daemon alive that has ended.
process.exit(await srrd(process.argv.slice(2), PROCESS_OUTPUT));
