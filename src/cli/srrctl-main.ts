import { srrctl } from './srrctl.js';

process.exitCode = await srrctl(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});
