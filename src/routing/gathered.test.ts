import { expect, test } from 'vitest';
import { Gathered } from './gathered.js';

/** Notes what is carried out together; each time ends when it is told to. */
function slow(blamesOne?: (error: unknown) => boolean) {
  const begun: string[][] = [];
  const ends: ((error?: Error) => void)[] = [];
  const gathered = new Gathered<string, string>((requests) => {
    begun.push([...requests]);
    return new Promise((resolve, reject) => {
      ends.push((error) => (error === undefined ? resolve(requests.join('+')) : reject(error)));
    });
  }, blamesOne);
  const end = async (error?: Error) => {
    ends.shift()?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, gathered, end };
}

test('the first request is carried out at once, those that come meanwhile together', async () => {
  const { begun, gathered, end } = slow();
  const results = Promise.all([gathered.ask('A'), gathered.ask('B'), gathered.ask('C')]);
  expect(begun).toEqual([['A']]);
  await end();
  expect(begun).toEqual([['A'], ['B', 'C']]);
  await end();
  expect(await results).toEqual(['A', 'B+C', 'B+C']);
});

test('a request that comes after the begin is not answered by what began before it', async () => {
  const { begun, gathered, end } = slow();
  const first = gathered.ask('A');
  const second = gathered.ask('B');
  await end();
  const third = gathered.ask('C');
  await end();
  await end();
  expect(begun).toEqual([['A'], ['B'], ['C']]);
  expect(await Promise.all([first, second, third])).toEqual(['A', 'B', 'C']);
});

test('where one may be to blame, each is carried out again by itself', async () => {
  const { begun, gathered, end } = slow(() => true);
  const first = gathered.ask('A');
  const others = Promise.allSettled([gathered.ask('B'), gathered.ask('C')]);
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
  const { gathered, end } = slow();
  const first = gathered.ask('A');
  const others = Promise.allSettled([gathered.ask('B'), gathered.ask('C')]);
  await end();
  await end(new Error('nobody answers'));
  expect((await others).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const last = gathered.ask('D');
  await end();
  expect([await first, await last]).toEqual(['A', 'D']);
});
