import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askSecret } from './ask-secret.js';

function terminal() {
  const stream = () => Object.assign(new PassThrough(), { isTTY: true });
  return { input: stream(), output: stream() };
}

test.each(['\x03', 'half a key\x03', '\x04'])(
  'Ctrl-C and Ctrl-D are no answer, and nothing goes on: %j',
  async (typed) => {
    const asked = terminal();
    const answer = askSecret('key: ', asked);
    asked.input.write(typed);
    await expect(answer).rejects.toThrow('nothing was changed');
  },
);

test('a terminal that goes away is no answer', async () => {
  const asked = terminal();
  const answer = askSecret('key: ', asked);
  asked.input.end();
  await expect(answer).rejects.toThrow('nothing was changed');
});

test.each([
  [' lab-key \r', 'lab-key'],
  ['\r', null],
])('a line is the answer, and is not shown: %j', async (typed, expected) => {
  const asked = terminal();
  const answer = askSecret('key: ', asked);
  asked.input.write(typed);
  expect(await answer).toBe(expected);
  expect(String(asked.output.read())).toBe('key: \n');
});

test('without a terminal nobody is asked', async () => {
  expect(await askSecret('key: ', { input: new PassThrough(), output: new PassThrough() })).toBeNull();
});
