/** Collects lines and writes them every 10 ms: a write per line would disturb the timing that is being measured. */
export function startOutput() {
  let lines = [];
  const flush = () => {
    if (lines.length === 0) return;
    process.stdout.write(`${lines.join('\n')}\n`);
    lines = [];
  };
  setInterval(flush, 10);
  const end = () => {
    flush();
    process.stdout.write('', () => process.exit(0));
  };
  process.stdin.on('end', end).on('error', end).resume();
  process.stdout.on('error', () => process.exit(1));
  return { line: (text) => lines.push(text) };
}
