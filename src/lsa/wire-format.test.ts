import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ServiceAnnouncement } from '../model/announcement.js';
import { PLAIN_SHARED } from '../model/testing.js';
import { COMMAND_NUMBERS, FAILURE_NUMBERS } from '../tables/index.js';
import { RUN_STATES } from './codes.js';
import { decodeBody, encodeBody, TLVS } from './index.js';

const page = readFileSync(new URL('../../docs/wire-format.md', import.meta.url), 'utf8');

const example: ServiceAnnouncement = {
  kind: 'service',
  sequence: { epoch: 1_767_225_600, counter: 42 },
  definition: {
    ...PLAIN_SHARED,
    group: 'SHOP',
    dependsOn: ['DISK'],
    handover: 'overlap',
  },
  preference: 100,
  runState: 'started',
  standby: false,
  joining: false,
  pinned: false,
  claim: 7,
  knownClaim: null,
  assent: null,
  failure: null,
  checkIntervalMs: 10_000,
  checkStamp: 1_767_225_630,
  definitionHash: '0123456789abcdef',
};

/** The bytes of the page's worked example, and the offsets that its lines and its table begin with. */
const lines = (/```hex\n([^`]+)```/.exec(page)?.[1] ?? '').trimEnd().split('\n');
const bytes = lines.flatMap((line) => line.slice(6).split(' ')).map((digits) => Number.parseInt(digits, 16));

/** The rows of the table whose heading begins with this word: number and code word. */
function table(heading: string): Record<string, number> {
  const rows = page.slice(page.indexOf(`| ${heading} | word |`)).split('\n\n')[0] ?? '';
  return Object.fromEntries(
    [...rows.matchAll(/^\| (\d+) \| `(.+)` \|$/gm)].map(([, code, word]) => [word, Number(code)]),
  );
}

describe('docs/wire-format.md', () => {
  it('shows in its worked example what the encoder writes and the decoder reads', () => {
    expect([...encodeBody(example, 'default')]).toEqual(bytes);
    expect(decodeBody(Uint8Array.from(bytes))).toEqual({ ok: true, cluster: 'default', announcement: example });
  });

  it('explains the bytes that are at the offsets it names', () => {
    const rows = [...page.matchAll(/^\| ([0-9a-f]{4}) \| `([0-9a-f ]+)` \|/gm)];
    expect(rows.length).toBeGreaterThan(10);
    for (const [, offset = '', digits = ''] of rows) {
      const start = Number.parseInt(offset, 16);
      expect(bytes.slice(start, start + 4)).toEqual(digits.split(' ').map((byte) => Number.parseInt(byte, 16)));
    }
    let offset = 0;
    for (const line of lines) {
      expect(Number.parseInt(line, 16)).toBe(offset);
      offset += line.slice(6).split(' ').length;
    }
  });

  it('has a section for every TLV', () => {
    const sections = [...page.matchAll(/^### (\d+): ([^(\n]+?)(?: \(|$)/gm)].map(([, type, name]) => [
      Number(type),
      name,
    ]);
    expect(sections).toEqual([...TLVS.values()].map(({ type, name }) => [type, name]));
  });

  it.each([
    ['run state', RUN_STATES],
    ['command', COMMAND_NUMBERS],
  ])('lists every %s', (heading, codes) => {
    expect(table(heading)).toEqual(codes);
  });

  it('points to the page that lists every failure code with its number', () => {
    const rows = readFileSync(new URL('../../docs/states-and-rules.md', import.meta.url), 'utf8').matchAll(
      /^\| (\d[\d, ]*) \| (`[a-z-]+`(?:, `[a-z-]+`)*) \|/gm,
    );
    const listed = [...rows].flatMap(([, numbers = '', codes = '']) =>
      numbers.split(', ').map((number, index) => [codes.split(', ')[index]?.slice(1, -1), Number(number)] as const),
    );
    expect(Object.fromEntries(listed)).toEqual(FAILURE_NUMBERS);
  });
});
