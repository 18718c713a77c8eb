import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BUILT_PAGES, openBrowser, openTab, untilLive } from './browser.js';
import { type FakeNode, startFakeNode } from './fake-node/server.js';
import { crowd, shop } from './fake-node/world.js';
import { measureWork, TASK_LIMIT_MS, wordsOf } from './work.js';

/** A screen has twice as many services; of definitions, whose rows are lower, twice as many are built at once. */
const ROWS_AT_ONCE = 10;

let browser: Browser;
const nodes: FakeNode[] = [];

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await Promise.all(nodes.map((node) => node.stop()));
});

async function serve(world: ReturnType<typeof shop>): Promise<string> {
  const node = await startFakeNode({ world, routerId: '10.0.0.1', folder: BUILT_PAGES });
  nodes.push(node);
  return node.url;
}

it('everything together is below 300 kB, compressed, the manual included', () => {
  const sizes = readdirSync(BUILT_PAGES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.br'))
    .map((name) => statSync(join(BUILT_PAGES, name)).size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`the pages and the manual: ${(total / 1000).toFixed(0)} kB compressed`);
  expect(total).toBeGreaterThan(10_000);
  expect(total).toBeLessThan(300_000);
});

it('the first content is painted before the node has answered any question', async () => {
  const tab = await openTab(browser);
  let answer = (): void => undefined;
  const allowed = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await tab.page.route('**/api/**', async (route) => {
    await allowed;
    await route.continue();
  });
  await tab.page.goto(await serve(shop()), { waitUntil: 'commit' });
  const paint = await tab.page.waitForFunction(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
  );
  console.log(`first contentful paint: ${(await paint.jsonValue())?.toFixed(0)} ms`);
  answer();
  await untilLive(tab);
  await tab.page.context().close();
});

it('of 1,000 services the status builds a few rows at once, however one scrolls, filters and moves', async () => {
  const world = crowd(1000);
  world.stepMs = 20;
  const tab = await openTab(browser);
  await tab.page.goto(`${await serve(world)}/status`);
  await untilLive(tab);
  await tab.page.locator('[data-service="S0000"]').waitFor();
  const measured = await measureWork(browser, tab.page, '[data-service]');
  for (let step = 0; step < 40; step++) {
    await tab.page.mouse.wheel(0, step % 10 === 9 ? 20_000 : 1_500);
    await tab.page.waitForTimeout(20);
  }
  await tab.page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await tab.page.locator('[data-service="S0999"]').waitFor();
  const filter = tab.page.getByPlaceholder('Name, group, address, failure');
  await filter.pressSequentially('S0123', { delay: 30 });
  await tab.page.locator('[data-service="S0123"]').waitFor();
  for (let key = 0; key < 5; key++) await filter.press('Backspace');
  await tab.page.locator('[data-service="S0000"]').waitFor();
  await Promise.all(Array.from({ length: 50 }, (_, group) => world.move(`G${group}`, '10.0.0.2')));
  await tab.page.locator('[data-service="S0000"] [data-node="beta"][data-state="started"]').waitFor();
  const work = await measured();
  console.log(`1,000 services: ${wordsOf(work)}`);
  expect(work.tasks.length).toBeGreaterThan(100);
  expect(work.tasks[0]).toBeLessThan(TASK_LIMIT_MS);
  expect(work.mostRowsAtOnce).toBeGreaterThan(0);
  expect(work.mostRowsAtOnce).toBeLessThanOrEqual(ROWS_AT_ONCE);
  // The rows far away are not there: that is what makes it fast.
  expect(await tab.page.locator('[data-service]').count()).toBeLessThan(100);
  await tab.page.context().close();
});

it('of 1,000 definitions the configuration builds a few rows at once', async () => {
  const tab = await openTab(browser);
  await tab.page.goto(`${await serve(crowd(1000))}/configuration`);
  await tab.page.locator('[data-definition="S0000"]').waitFor();
  const measured = await measureWork(browser, tab.page, '[data-definition]');
  for (let step = 0; step < 20; step++) {
    await tab.page.mouse.wheel(0, step % 10 === 9 ? 20_000 : 1_500);
    await tab.page.waitForTimeout(20);
  }
  await tab.page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await tab.page.locator('[data-definition="S0999"]').waitFor();
  await tab.page.getByPlaceholder('Name, group, address').pressSequentially('S0123', { delay: 30 });
  await tab.page.locator('[data-definition="S0123"]').waitFor();
  const work = await measured();
  console.log(`1,000 definitions: ${wordsOf(work)}`);
  expect(work.tasks[0]).toBeLessThan(TASK_LIMIT_MS);
  expect(work.mostRowsAtOnce).toBeGreaterThan(0);
  expect(work.mostRowsAtOnce).toBeLessThanOrEqual(2 * ROWS_AT_ONCE);
  expect(await tab.page.locator('[data-definition]').count()).toBeLessThan(100);
  await tab.page.context().close();
});
