import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { BUILT_PAGES, openBrowser, openTab, SCREENSHOTS, type Tab } from './browser.js';
import {
  type FakeOptions,
  type FakeServer,
  largeNetwork,
  smallNetwork,
  startFakeServer,
  webAnnouncement,
} from './fake-lsdb.js';
import { measureWork, TASK_LIMIT_MS, wordsOf } from './work.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WEB = '11_as_222.7.0.3_10.0.0.3';

let browser: Browser;
let server: FakeServer;
let tabs: Tab[] = [];

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(() => browser?.close());

afterEach(async () => {
  await Promise.all(tabs.map(({ page }) => page.context().close()));
  await server.stop();
  const mistakes = tabs.flatMap((tab) => tab.mistakes);
  tabs = [];
  expect(mistakes).toEqual([]);
});

async function open(
  path: string,
  options: Partial<FakeOptions> = {},
  tabOptions: Parameters<typeof openTab>[1] = {},
): Promise<Page> {
  server = await startFakeServer({ lsas: smallNetwork(), pages: BUILT_PAGES, ...options });
  const tab = await openTab(browser, tabOptions);
  tabs.push(tab);
  await tab.page.goto(`${server.url}${path}`);
  return tab.page;
}

it('says what the list may lack, and what to ask ospfd instead', async () => {
  const page = await open('/lsdb', { reachable: ['10.0.0.1', '10.0.0.9'] });
  const banner = page.locator('.banner', { hasText: 'This list may lack something' });
  await banner.getByText('The Router LSA of 10.0.0.9 is missing here').waitFor();
  expect(await banner.locator('code').innerText()).toBe('show ip ospf database router 10.0.0.9');
});

it('leads from a link to the LSA that it points to, and from there to the routers', async () => {
  const page = await open('/lsdb');
  await page.locator('[data-lsa="1_0.0.0.0_10.0.0.1_10.0.0.1"] a').click();
  const detail = page.locator('.lsa-detail');
  await detail.getByRole('link', { name: 'transit network 10.1.1.1' }).click();
  await detail.getByRole('heading', { name: 'Network LSA (type 2) 10.1.1.1' }).waitFor();
  await detail.locator('tr', { hasText: 'attached router 2' }).getByRole('link').click();
  await detail.getByRole('heading', { name: 'Router LSA (type 1) 10.0.0.2' }).waitFor();
  expect(page.url()).toContain('lsa=1_0.0.0.0_10.0.0.2_10.0.0.2');
  await page.goBack();
  await detail.getByRole('heading', { name: 'Network LSA (type 2) 10.1.1.1' }).waitFor();
});

it('says opaque type 222 in words with the bytes beside, live', async () => {
  const page = await open(`/lsdb?lsa=${WEB}`);
  const detail = page.locator('.lsa-detail');
  const state = detail.locator('tr', { hasText: 'run state' });
  expect(await state.innerText()).toMatch(/run state\s+2\s+started\s+02/);
  await state.getByRole('button').focus();
  expect(await detail.locator('.hex mark').first().innerText()).toBe('02 ');
  server.put({ ...webAnnouncement('stopped'), header: { ...webAnnouncement('stopped').header, sequenceNumber: 9 } });
  await detail.getByText('service WEB stopped').waitFor();
  await page.locator(`[data-lsa="${WEB}"]`, { hasText: 'service WEB stopped' }).waitFor();
  server.withdraw(WEB);
  await detail.getByText('This node no longer has this LSA').waitFor();
  expect(await page.locator(`[data-lsa="${WEB}"]`).count()).toBe(0);
});

it('filters by type, router, area and text, and counts the age', async () => {
  const page = await open('/lsdb');
  await page.locator('.lsdb-count', { hasText: '8 of 8' }).waitFor();
  await page.locator('select[name=type]').selectOption('11/222');
  await page.locator('.lsdb-count', { hasText: '4 of 8' }).waitFor();
  await page.locator('select[name=router]').selectOption('10.0.0.3');
  await page.locator('.lsdb-count', { hasText: '2 of 8' }).waitFor();
  await page.getByLabel('Text').fill('web STARTED');
  await page.locator('.lsdb-count', { hasText: '1 of 8' }).waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.locator('select[name=area]').selectOption('as');
  await page.locator('.lsdb-count', { hasText: '4 of 8' }).waitFor();
  const age = page.locator(`[data-lsa="${WEB}"] .lsdb-age`);
  const before = Number.parseInt(await age.innerText(), 10);
  await expect
    .poll(async () => Number.parseInt(await age.innerText(), 10), { timeout: 60_000 })
    .toBeGreaterThan(before);
});

it('draws the network, with the path from here to a service', async () => {
  const page = await open('/topology');
  await page.locator('.vertex-router', { hasText: '10.0.0.3, cost 15' }).waitFor();
  await page.getByLabel('The path from here to').selectOption('172.16.15.1');
  await page
    .locator('.path li', { hasText: 'gamma' })
    .or(page.locator('.path li', { hasText: '10.0.0.3' }))
    .waitFor();
  expect(await page.locator('.path li').count()).toBe(4);
  expect(await page.locator('.edge-marked').count()).toBe(3);
  await page.screenshot({ path: join(SCREENSHOTS, 'topology-light.png') });
  await page.locator('[aria-label^="Network 10.1.1.0/24"]').click();
  await page.getByRole('heading', { name: 'Network LSA (type 2) 10.1.1.1' }).waitFor();
});

it('gives commands to a routing daemon, completes them, and asks before something may change', async () => {
  const page = await open('/routers?daemon=ospfd');
  await page.getByRole('button', { name: 'show ip ospf neighbor' }).click();
  await page.getByText('ospfd was asked: show ip ospf neighbor').waitFor();
  const line = page.getByLabel('Command for ospfd');
  await line.fill('show ip os');
  await line.press('Tab');
  await expect.poll(() => line.inputValue()).toBe('show ip ospf ');
  await line.fill('show ');
  await line.press('?');
  await page.getByText('Help for version').waitFor();
  await line.fill('clear ip ospf process');
  await line.press('Enter');
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(server.given).toEqual(['ospfd: show ip ospf neighbor']);
  await line.press('ArrowUp');
  expect(await line.inputValue()).toBe('clear ip ospf process');
  await line.press('Enter');
  await page.getByRole('button', { name: 'Run in ospfd' }).click();
  await page.getByText('ospfd was asked: clear ip ospf process').waitFor();
  await page.getByText('Several lines in one session').click();
  await page.locator('.session textarea').fill('configure terminal\nrouter ospf\n');
  await page.getByRole('button', { name: 'Run 2 lines in ospfd' }).click();
  await page.getByRole('button', { name: 'Run in ospfd' }).click();
  await expect.poll(() => server.given.at(-1)).toBe('ospfd: configure terminal; router ospf');
});

it('tells a viewer why a command is refused', async () => {
  const page = await open('/routers', { role: 'viewer' });
  const line = page.getByLabel('Command for zebra');
  await line.fill('show running-config');
  await line.press('Enter');
  await page.getByText('is not among the commands that viewers may give').waitFor();
  expect(await page.locator('.session').count()).toBe(0);
  expect(server.given).toEqual([]);
});

it('of 5,000 LSAs builds a few rows at once, however one scrolls, filters and sorts', async () => {
  const services = Array.from({ length: 1000 }, (_, index) => ({
    name: `S${String(index).padStart(4, '0')}`,
    kind: 'service' as const,
    group: `G${index}`,
    addresses: [],
    owner: null,
    elected: null,
    waitsForHolders: [],
    replicas: [],
  }));
  const page = await open('/lsdb', { lsas: largeNetwork(5000, 1000), services });
  await page.locator('.lsdb-count', { hasText: '5,000 of 5,000' }).waitFor();
  const measured = await measureWork(browser, page, 'tr[data-lsa]');
  await page.locator('.lsdb-list').hover();
  for (let step = 0; step < 40; step++) {
    await page.mouse.wheel(0, step % 10 === 9 ? 20_000 : 1_200);
    await page.waitForTimeout(20);
  }
  await page.locator('.lsdb-list').evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await page.locator('tr[aria-rowindex="5001"]').waitFor();
  await page.getByLabel('Text').pressSequentially('S0123', { delay: 30 });
  await page.locator('.lsdb-count', { hasText: '1 of 5,000' }).waitFor();
  for (let key = 0; key < 5; key++) await page.getByLabel('Text').press('Backspace');
  await page.locator('.lsdb-count', { hasText: '5,000 of 5,000' }).waitFor();
  for (const column of ['What it says', 'Age', 'Router'])
    await page.getByRole('button', { name: column, exact: true }).click();
  for (const lsa of largeNetwork(1041, 1000).slice(41, 241)) server.put(lsa);
  await page.waitForTimeout(500);
  const work = await measured();
  console.log(`5,000 LSAs: ${wordsOf(work)}`);
  expect(work.tasks[0]).toBeLessThan(TASK_LIMIT_MS);
  expect(work.mostRowsAtOnce).toBeGreaterThan(0);
  expect(work.mostRowsAtOnce).toBeLessThan(100);
  expect(await page.locator('tr[data-lsa]').count()).toBeLessThan(100);
});

it.each([
  ['/lsdb', 'lsdb'],
  [`/lsdb?lsa=${WEB}`, 'lsa'],
  ['/topology?to=172.16.15.1', 'topology'],
  ['/routers', 'routers'],
])('%s has no serious violation for axe, light and dark, wide and narrow', async (path, name) => {
  const page = await open(path);
  await page.locator('[data-lsa], .vertex, .command-line').first().waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(SCREENSHOTS, `${name}-${colorScheme}.png`) });
    expect(await violations(page)).toEqual([]);
  }
  await page.setViewportSize({ width: 390, height: 800 });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}-phone.png`) });
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const { violations: found } = await axe.run();
    return found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}
