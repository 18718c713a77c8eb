import { Signals } from '../daemon/signals.js';
import { processOutput } from './output.js';

// The rest is loaded behind this: it takes half a second, and a signal must not end the daemon meanwhile.
const signals = new Signals();
const { srrd } = await import('./srrd.js');
// What the modules still hold open must not keep a daemon alive that has ended.
process.exit(await srrd(process.argv.slice(2), processOutput('srrd'), signals));
