/**
 * /etc/frr/daemons with ospfd and its API switched on; the shell reads it. From FRR 10 the API can be bound to one address. Throws
 * an Error, in words, where a line says more than a plain value.
 */
export function withOspfd(text: string, bindApi: boolean): string {
  return assigned(switchedOn(text, 'ospfd'), 'ospfd_options', (options) => withApi(options, bindApi), '"');
}

/** The same with bfdd. */
export function withBfdd(text: string): string {
  return switchedOn(text, 'bfdd');
}

function switchedOn(text: string, daemon: string): string {
  return assigned(text, daemon, () => 'yes', '');
}

function withApi(options: string, bindApi: boolean): string {
  const given = options.trim().split(/\s+/);
  const missing = [
    ...(given.some((word) => word === '-a' || word === '--apiserver') ? [] : ['-a']),
    ...(!bindApi || given.some((word) => /^(-l.*|--apiserver_addr.*)$/.test(word)) ? [] : ['-l 127.0.0.1']),
  ];
  return missing.length === 0 ? options : [options.trimEnd() || '  -A 127.0.0.1', ...missing].join(' ');
}

/** The last of several lines counts. */
function assigned(text: string, name: string, change: (value: string) => string, quote: string): string {
  const lines = text.split('\n');
  const at = lines.findLastIndex((line) => new RegExp(`^\\s*(export\\s+)?${name}\\s*\\+?=`).test(line));
  if (at < 0) {
    const end = lines.at(-1) === '' ? lines.length - 1 : lines.length;
    return [...lines.slice(0, end), `${name}=${quote}${change('')}${quote}`, ''].join('\n');
  }
  const line = lines[at] ?? '';
  const [, begin = '', mark = '', quoted, bare = '', rest = ''] =
    new RegExp(`^(${name}=)(?:(["'])([^"'\`$\\\\]*)\\2|([^"'\`$\\\\\\s#]*))(\\s*(?:#.*)?)$`).exec(line) ?? [];
  if (begin === '') {
    throw new Error(
      `expected ${name}= and a plain value, got \`${line.trim()}\` in line ${at + 1}: write it by hand (docs/frr-setup.md)`,
    );
  }
  const value = quoted ?? bare;
  const changed = change(value);
  if (changed === value) return text;
  const around = mark === '' && /\s/.test(changed) ? '"' : mark;
  lines[at] = `${begin}${around}${changed}${around}${rest}`;
  return lines.join('\n');
}
