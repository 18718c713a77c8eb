import { expect, test } from 'vitest';
import { Batcher } from './batcher.js';

/** Notes what is carried out together; each time ends when it is told to. */
function slow(blamesOne?: (error: unknown) => boolean) {
  const begun: string[][] = [];
  const ends: ((error?: Error) => void)[] = [];
  const batcher = new Batcher<string, string>((requests) => {
    begun.push([...requests]);
    return new Promise((resolve, reject) => {
      ends.push((error) => (error === undefined ? resolve(requests.join('+')) : reject(error)));
    });
  }, blamesOne);
  const end = async (error?: Error) => {
    ends.shift()?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, batcher, end };
}

test('the first request is carried out at once, those that come meanwhile together', async () => {
  const { begun, batcher, end } = slow();
  const results = Promise.all([batcher.ask('A'), batcher.ask('B'), batcher.ask('C')]);
  expect(begun).toEqual([['A']]);
  await end();
  expect(begun).toEqual([['A'], ['B', 'C']]);
  await end();
  expect(await results).toEqual(['A', 'B+C', 'B+C']);
});

test('a request that comes after the begin is not answered by what began before it', async () => {
  const { begun, batcher, end } = slow();
  const first = batcher.ask('A');
  const second = batcher.ask('B');
  await end();
  const third = batcher.ask('C');
  await end();
  await end();
  expect(begun).toEqual([['A'], ['B'], ['C']]);
  expect(await Promise.all([first, second, third])).toEqual(['A', 'B', 'C']);
});

test('where one may be to blame, each is carried out again by itself', async () => {
  const { begun, batcher, end } = slow(() => true);
  const first = batcher.ask('A');
  const others = Promise.allSettled([batcher.ask('B'), batcher.ask('C')]);
  await end();
  await end(new Error('B or C is refused'));
  await end(new Error('B is refused'));
  await end();
  expect(begun).toEqual([['A'], ['B', 'C'], ['B'], ['C']]);
  expect(await first).toBe('A');
  const [b, c] = await others;
  expect([b?.status, c]).toEqual(['rejected', { status: 'fulfilled', value: 'C' }]);
});

test('otherwise all fail with the same error, and later requests are carried out as before', async () => {
  const { batcher, end } = slow();
  const first = batcher.ask('A');
  const others = Promise.allSettled([batcher.ask('B'), batcher.ask('C')]);
  await end();
  await end(new Error('nobody answers'));
  expect((await others).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const last = batcher.ask('D');
  await end();
  expect([await first, await last]).toEqual(['A', 'D']);
});
