/**
 * Cuts text into server-sent events (HTML standard, section 9.2.6); lines may be split anywhere. `event` is called with the
 * name and the data of each.
 */
export class EventParser {
  #rest = '';
  #name = 'message';
  #data: string[] = [];
  readonly #event: (name: string, data: string) => void;

  constructor(event: (name: string, data: string) => void) {
    this.#event = event;
  }

  push(text: string): void {
    this.#rest += text;
    const lines = this.#rest.split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line.endsWith('\r') ? line.slice(0, -1) : line);
  }

  #line(line: string): void {
    if (line === '') {
      if (this.#data.length > 0) this.#event(this.#name, this.#data.join('\n'));
      this.#name = 'message';
      this.#data = [];
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#name = value;
    if (field === 'data') this.#data.push(value);
  }
}
