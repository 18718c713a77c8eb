import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClusterEvent } from '../../src/events/index.js';
import { seriousViolations } from './accessibility.js';
import {
  BUILT_PAGES,
  clickedAt,
  command,
  drawnAt,
  openBrowser,
  openTab,
  SCREENSHOTS,
  type Tab,
  untilLive,
} from './browser.js';
import { type FakeNode, startFakeNode } from './fake-node/server.js';
import { shop, type World } from './fake-node/world.js';

/** Every page with an address of its own, and a word that it must show. */
const PAGES = [
  ['/', 'overview', 'Services by group'],
  ['/status', 'status', 'MAIL'],
  ['/services/NTP', 'service', 'Configuration on every node'],
  ['/services/NONE', 'no-service', 'No service NONE'],
  ['/configuration', 'configuration', '172.16.15.128'],
  ['/configuration/WEB', 'definition', 'WEB cannot be edited now'],
  ['/new-definition', 'new-definition', 'Who owns it'],
  ['/events', 'events', 'MAIL failed'],
  ['/availability', 'availability', 'taken away by an operator'],
  ['/node', 'node', 'Doctor'],
  ['/information', 'information', 'About SRRD'],
  ['/information/operations', 'manual', 'Three in the morning'],
  ['/nowhere', 'no-such-page', 'No such page'],
] as const;

let browser: Browser;
let world: World;
let nodes: FakeNode[];
let tabs: Tab[];

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(() => browser?.close());

beforeEach(async () => {
  world = shop();
  nodes = await Promise.all(world.nodes.map(({ routerId }) => startFakeNode({ world, routerId, folder: BUILT_PAGES })));
  tabs = [];
});

afterEach(async () => {
  await Promise.all(tabs.map(({ page }) => page.context().close()));
  await Promise.all(nodes.map((node) => node.stop()));
  expect(tabs.flatMap(({ mistakes }) => mistakes)).toEqual([]);
});

/** Opens a page of the first node, alpha, or of another one. */
async function open(
  path: string,
  options: Parameters<typeof openTab>[1] & { readonly node?: number } = {},
): Promise<Tab> {
  const { node = 0, ...rest } = options;
  const tab = await openTab(browser, rest);
  tabs.push(tab);
  await tab.page.goto(`${nodes[node]!.url}${path}`);
  return tab;
}

describe('every page', () => {
  it.each(PAGES)(
    '%s has no serious violation of accessibility, light and dark, and is pictured',
    async (path, name, word) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const tab = await open(path, { colorScheme });
        await untilLive(tab);
        await tab.page.getByText(word).first().waitFor();
        await tab.page.waitForFunction(() => document.querySelector('.waiting') === null);
        await tab.page.screenshot({ path: join(SCREENSHOTS, `${name}-${colorScheme}.png`) });
        expect(await seriousViolations(tab.page)).toEqual([]);
      }
    },
  );

  it.each(PAGES)('%s is usable on a phone', async (path, name, word) => {
    const tab = await open(path, { viewport: { width: 390, height: 844 }, hasTouch: true });
    await untilLive(tab);
    await tab.page.getByText(word).first().waitFor();
    await tab.page.screenshot({ path: join(SCREENSHOTS, `${name}-phone.png`) });
    const [wide, window] = await tab.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(wide).toBeLessThanOrEqual(window!);
  });

  it('says which node it is of, and its menu leads to the same page on another node', async () => {
    const { page } = await open('/status?text=WEB');
    await page.getByRole('button', { name: /^Node alpha/ }).click();
    await page.locator('#node-menu').getByRole('link', { name: /beta/ }).click();
    await page.getByRole('button', { name: /^Node beta/ }).waitFor();
    expect(page.url()).toBe(`${nodes[1]!.url}/status?text=WEB`);
  });

  it('is reached by the navigation without loading anything anew', async () => {
    const tab = await open('/');
    await untilLive(tab);
    await tab.page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
    for (const name of ['Service status', 'Configuration', 'Events', 'Node', 'Information']) {
      await tab.page.getByRole('navigation').getByRole('link', { name }).click();
      await tab.page.locator('h1', { hasText: new RegExp(name === 'Node' ? 'Node alpha' : name) }).waitFor();
    }
    await tab.page.goBack();
    await tab.page.locator('h1', { hasText: 'Node alpha' }).waitFor();
    expect(await tab.page.evaluate(() => 'sameDocument' in globalThis)).toBe(true);
  });

  it('says so when the node is gone, and recovers by itself', async () => {
    const tab = await open('/status');
    await untilLive(tab);
    await nodes[0]!.stop();
    await tab.page.getByText('Connection to alpha lost').waitFor();
    expect(await tab.page.locator('[data-service="WEB"]').count()).toBe(1);
    await world.move('SHOP', '10.0.0.3');
    await nodes[0]!.start();
    await untilLive(tab);
    await tab.page.locator('[data-service="WEB"] [data-node="gamma"][data-state="started"]').waitFor();
    expect(await tab.page.getByText('Connection to alpha lost').count()).toBe(0);
  });

  it('can be used in the colours one prefers', async () => {
    const { page } = await open('/', { colorScheme: 'light' });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByLabel('Colours').selectOption('dark');
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    expect(await background()).toBe(dark);
  });
});

describe('the service status', () => {
  it('shows a move made here without a reload, also on another node', async () => {
    const here = await open('/status');
    const there = await open('/status', { node: 1 });
    await Promise.all([untilLive(here), untilLive(there)]);
    for (const { page } of [here, there]) await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
    await command(here.page, 'Commands to WEB on beta', 'move');
    await here.page.getByRole('dialog').getByText('The whole group SHOP goes with it').waitFor();
    const target = '[data-service="WEB"] [data-node="beta"][data-state="started"]';
    const drawn = Promise.all([here, there].map(({ page }) => drawnAt(page, target)));
    const clicked = clickedAt(here.page);
    await here.page.getByRole('button', { name: 'Move to beta' }).click();
    const [begin, ...ends] = [await clicked, ...(await drawn)];
    // Of these the fake world takes 160 ms for stopping and starting.
    console.log(`a move is shown on both nodes' pages after ${Math.max(...ends) - begin} ms`);
    for (const { page } of [here, there]) expect(await page.evaluate(() => 'sameDocument' in globalThis)).toBe(true);
  });

  it('gives the answer of the node in words, and shows nothing as done before', async () => {
    const { page } = await open('/status');
    const release = world.hold();
    await command(page, 'Commands to DISK on gamma', 'move');
    await page.getByRole('button', { name: 'Move to gamma' }).click();
    await page.getByText('gamma takes DISK over').waitFor();
    expect(await page.locator('[data-service="DISK"] [data-node="gamma"]').getAttribute('data-state')).not.toBe(
      'started',
    );
    release();
    await page.locator('[data-service="DISK"] [data-node="gamma"][data-state="started"]').waitFor();
  });

  it('says of each command that is not possible why', async () => {
    const { page } = await open('/status');
    await page.getByRole('button', { name: 'Commands to MAIL on beta' }).click();
    const menu = page.locator('.menu:popover-open');
    expect(await menu.innerText()).toMatch(/Check now\s+MAIL is active\/failed on beta: check needs it started/);
    await page.keyboard.press('Escape');
    expect(await menu.count()).toBe(0);
  });

  it('asks before something is stopped, with the prediction of the cluster, and No means no', async () => {
    const { page } = await open('/status');
    await command(page, 'Commands to DNS on beta', 'stop');
    const dialog = page.getByRole('dialog');
    await dialog.getByTestId('prediction').getByText('DNS').waitFor();
    expect(await dialog.innerText()).toContain('beta → alpha');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(world.replica('DNS', '10.0.0.2')?.state).toBe('started');
    expect(world.replica('DNS', '10.0.0.2')?.standby).toBe(false);
  });

  it('predicts what a move would do before it is done', async () => {
    const { page } = await open('/status');
    await command(page, 'Commands to WEB on beta', 'move');
    const prediction = page.getByRole('dialog').getByTestId('prediction');
    await prediction.getByText('SHOP: alpha → beta (DISK, DB, WEB)').waitFor();
    await page.keyboard.press('Escape');
    world.nodeNamed('beta')!.standby = true;
    await command(page, 'Commands to WEB on beta', 'pin');
    await prediction.getByText('It would be refused: 10.0.0.2 is on standby: end that first').waitFor();
    await prediction.getByText('No group would change its owner').waitFor();
  });

  it('commands a whole group from its head, and says what is not possible and why', async () => {
    const { page } = await open('/status');
    await page.getByRole('button', { name: 'Commands to the group SHOP' }).click();
    const menu = page.locator('.menu:popover-open');
    expect(await menu.innerText()).toMatch(/Move to alpha\s+DISK is active\/started on alpha already/);
    expect(await menu.innerText()).toMatch(/Unpin on alpha\s+DISK is not pinned to alpha/);
    const asked = page.waitForRequest((request) => request.method() === 'POST');
    await menu.locator('[data-command="move gamma"]').click();
    await page.getByTestId('prediction').getByText('SHOP: alpha → gamma').waitFor();
    await page.getByRole('button', { name: 'Move to gamma' }).click();
    expect(new URL((await asked).url()).pathname).toBe('/api/v1/groups/SHOP/move');
    for (const name of ['DISK', 'DB', 'WEB']) {
      await page.locator(`[data-service="${name}"] [data-node="gamma"][data-state="started"]`).waitFor();
    }
    await command(page, 'Commands to the group SHOP', 'deactivate gamma');
    await page.getByRole('button', { name: 'Deactivate', exact: true }).click();
    for (const name of ['DISK', 'DB', 'WEB']) {
      await page.locator(`[data-service="${name}"] [data-node="gamma"][data-state="inactive"]`).waitFor();
    }
  });

  it('shows a refusal in the node’s own words, until it is dismissed', async () => {
    const { page } = await open('/status');
    await page.getByRole('button', { name: 'Commands to NTP on beta' }).click();
    world.replica('NTP', '10.0.0.2')!.config = 'inactive';
    await page.locator('.menu [data-command="move"]').click();
    await page.getByRole('button', { name: 'Move to beta' }).click();
    const notice = page.locator('.notice[data-state="refused"]');
    expect(await notice.innerText()).toContain('NTP is inactive on beta: activate it first');
    await notice.getByRole('button').click();
    expect(await notice.count()).toBe(0);
  });

  it('filters by text, and the filter is part of the address', async () => {
    const { page } = await open('/status');
    await page.getByPlaceholder('Name, group, address, failure').fill('15.53');
    await page.locator('[data-service="WEB"]').waitFor({ state: 'detached' });
    expect(await page.locator('[data-service]').count()).toBe(1);
    expect(new URL(page.url()).search).toBe('?text=15.53');
  });

  it('can be used by keyboard alone', async () => {
    const { page } = await open('/status?text=NTP');
    await page.getByRole('button', { name: 'Commands to NTP on beta' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.menu:popover-open').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.getByRole('button', { name: 'Move to beta' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-service="NTP"] [data-node="beta"][data-state="started"]').waitFor();
  });
});

describe('a viewer', () => {
  it('sees everything, and is told why nothing can be commanded', async () => {
    await nodes[0]!.stop();
    nodes[0] = await startFakeNode({ world, routerId: '10.0.0.1', folder: BUILT_PAGES, role: 'viewer' });
    const { page } = await open('/status');
    await page.getByRole('button', { name: 'Commands to WEB on beta' }).click();
    await page.locator('.menu', { hasText: 'it needs the role operator, and you are viewer' }).waitFor();
    expect(await page.locator('.menu [data-command]').count()).toBe(0);
    await page.goto(`${nodes[0].url}/node`);
    await page.getByText('Shutdown: it needs the role admin, and you are viewer').waitFor();
  });
});

it('whoever has no role is told so, and what can be done', async () => {
  await nodes[0]!.stop();
  nodes[0] = await startFakeNode({ world, routerId: '10.0.0.1', folder: BUILT_PAGES, role: 'none' });
  const { page } = await open('/status');
  await page.getByRole('heading', { name: 'This node does not let you in' }).waitFor();
  expect(await page.locator('main').innerText()).toContain('no rule of web.access names AB:CD');
  await nodes[0].stop();
  nodes[0] = await startFakeNode({ world, routerId: '10.0.0.1', folder: BUILT_PAGES, port: nodes[0].port });
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('[data-service="WEB"]').waitFor();
});

describe('a service’s page', () => {
  it('marks what differs between the nodes, and shows what status prints', async () => {
    const { page } = await open('/services/NTP');
    const row = page.locator('.difference-wrong');
    expect(await row.innerText()).toMatch(/addresses\s*differs/);
    await page.getByRole('button', { name: 'Run status' }).click();
    await page.locator('.output').getByText('nginx (pid 4711)').waitFor();
  });

  it('takes the definition as it is on the other nodes, once it is inactive and as it was shown', async () => {
    const { page } = await open('/services/NTP', { node: 2 });
    const take = page.getByRole('button', { name: 'Take it here as on' });
    await page.getByText('Not now: it is active here. Deactivate it').waitFor();
    expect(await take.isDisabled()).toBe(true);
    await command(page, 'Commands to NTP on gamma', 'deactivate');
    // It can be clicked once it has been shown.
    await take.click({ trial: true });
    const odd = { ...world.definitions.get('NTP')!, addresses: ['172.16.15.124'], preference: 150 };
    world.definitions.set('NTP', odd);
    await take.click();
    await page.getByText('has changed since this page showed it: nothing is saved').waitFor();
    expect(world.definitions.get('NTP')).toBe(odd);
    await page.reload();
    await take.click();
    await page.locator('.difference-wrong').waitFor({ state: 'detached' });
    expect(world.definitions.get('NTP')).toEqual({ ...odd, addresses: ['172.16.15.123'] });
    expect(world.replica('NTP', '10.0.0.3')?.config).toBe('inactive');
  });

  it('shows why the node does not take the definition of a replica that has become active', async () => {
    world.replica('NTP', '10.0.0.3')!.config = 'inactive';
    const { page } = await open('/services/NTP', { node: 2 });
    const take = page.getByRole('button', { name: 'Take it here as on' });
    await take.click({ trial: true });
    // The page has not heard of it.
    world.replica('NTP', '10.0.0.3')!.config = 'active';
    const before = world.definitions.get('NTP');
    await take.click();
    await page.getByText('NTP is active here: deactivate it first').waitFor();
    expect(world.definitions.get('NTP')).toBe(before);
    expect(world.replica('NTP', '10.0.0.3')?.config).toBe('active');
  });

  it('adds to its timeline what happens while one looks', async () => {
    const { page } = await open('/services/WEB');
    await page.getByText('This node has kept no event of WEB').waitFor();
    await world.move('SHOP', '10.0.0.2');
    await page.locator('.event', { hasText: 'WEB is active/started' }).waitFor();
  });
});

describe('the configuration', () => {
  it('adds a service, checked while one types, and deletes it', async () => {
    const { page } = await open('/configuration');
    await page.getByRole('link', { name: 'New definition' }).click();
    const add = page.getByRole('button', { name: 'Add', exact: true });
    await page.getByLabel('name', { exact: true }).fill('CACHE');
    await page.getByLabel('addresses', { exact: true }).fill('172.16.15.128');
    await page.getByText('172.16.15.128 belongs to the service WEB').waitFor();
    expect(await add.isDisabled()).toBe(true);
    await page.getByLabel('addresses', { exact: true }).fill('172.16.15.200');
    await page.getByLabel('makefile', { exact: true }).fill('varnish/Makefile');
    await page.getByLabel('autoActivate', { exact: true }).selectOption('false');
    await add.click();
    await page.locator('[data-definition="CACHE"]').waitFor();
    expect(world.definitions.get('CACHE')).toEqual({
      name: 'CACHE',
      addresses: ['172.16.15.200'],
      makefile: 'varnish/Makefile',
      autoActivate: false,
    });
    Object.assign(world.replica('CACHE', '10.0.0.1')!, { config: 'inactive', state: 'stopped' });
    world.changed('CACHE');
    await page.reload();
    await command(page, 'Commands to the definition of CACHE', 'delete');
    const doIt = page.getByRole('button', { name: 'Delete CACHE' });
    expect(await doIt.isDisabled()).toBe(true);
    await page.getByLabel('Type CACHE to go on').fill('CACHE');
    await doIt.click();
    await page.locator('[data-definition="CACHE"]').waitFor({ state: 'detached' });
    expect(world.definitions.has('CACHE')).toBe(false);
  });

  it('of an active service says what to do, and does it', async () => {
    const { page } = await open('/configuration/NTP');
    await page.getByText('NTP cannot be edited now').waitFor();
    expect(await page.getByLabel('preference', { exact: true }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Deactivate it here' }).click();
    await page.getByRole('button', { name: 'Deactivate', exact: true }).click();
    await page.getByText('NTP cannot be edited now').waitFor({ state: 'detached' });
    await page.getByLabel('preference', { exact: true }).fill('150');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('[data-definition="NTP"]').getByText('150').waitFor();
    expect(world.definitions.get('NTP')).toMatchObject({ preference: 150, addresses: ['172.16.15.123'] });
  });
});

describe('the events', () => {
  it('are filtered, and new ones appear at the top', async () => {
    const { page } = await open('/events');
    await page.locator('.event', { hasText: 'MAIL failed' }).waitFor();
    world.tell('member', '10.0.0.3', 'gamma is unreachable');
    await page.locator('.event').first().getByText('gamma is unreachable').waitFor();
    expect(await page.getByRole('link', { name: 'Export all' }).getAttribute('href')).toBe('/api/v1/events.jsonl');
    await page.getByLabel('Kind').selectOption('failure');
    await page.locator('.event', { hasText: 'gamma is unreachable' }).waitFor({ state: 'detached' });
    expect(await page.locator('.event').count()).toBe(1);
  });

  it('are exported as the page shows them', async () => {
    const { page } = await open('/events?kind=failure&text=postfix');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export these' }).click(),
    ]);
    expect(new URL(download.url()).search).toBe('?kind=failure&text=postfix');
    expect(download.suggestedFilename()).toMatch(/events\.jsonl$/);
  });
});

describe('the availability', () => {
  it('shows who had each service when, outages with their reason, in a day or a week', async () => {
    const now = Date.now();
    const at = (hoursAgo: number) => new Date(now - hoursAgo * 3_600_000).toISOString();
    const told = (hoursAgo: number, more: Partial<ClusterEvent>) =>
      world.events.push({
        ...world.events[0]!,
        service: 'NTP',
        kind: 'state',
        from: null,
        to: null,
        at: at(hoursAgo),
        ...more,
      });
    world.events.length = 1;
    Object.assign(world.events[0]!, { at: at(30), kind: 'node', to: 'begun', service: null });
    told(20, { node: '10.0.0.1', to: 'active/started', text: 'started' });
    told(5, { node: '10.0.0.1', from: 'active/started', to: 'active/failed', text: 'failed: the port is closed' });
    told(4, { node: '10.0.0.2', to: 'active/started', text: 'started' });
    const { page } = await open('/availability');
    const strip = page.locator('[data-service="NTP"] svg');
    await strip.waitFor();
    expect(await strip.getAttribute('aria-label')).toBe('1 outage, beta has it now');
    const outage = strip.locator('[data-owner="failure"] title');
    expect(await outage.textContent()).toMatch(/Outage: it failed.*for 60 min.*the port is closed/s);
    expect(await page.locator('[data-service="NTP"] .strip-share').textContent()).toMatch(/^95\.0\d\d %$/);
    await page.getByLabel('Period').selectOption('168');
    await page.waitForURL(/hours=168/);
    await page.getByPlaceholder('Service').fill('nt');
    await expect.poll(() => page.locator('.strip-row').count()).toBe(1);
  });
});

describe('the node', () => {
  it('goes on standby after the cluster has said what would happen', async () => {
    const { page } = await open('/node');
    await page.getByRole('button', { name: 'Put on standby …' }).first().click();
    await page.getByTestId('prediction').getByText('alpha →').first().waitFor();
    await page.getByRole('button', { name: 'Put alpha on standby' }).click();
    await page.getByText('alpha is on standby: it owns nothing').waitFor();
  });

  it('is shut down with its progress, and the page says that it has ended', async () => {
    const { page } = await open('/node');
    await page.getByRole('button', { name: 'Shut down …' }).click();
    await page.getByLabel('Type alpha to go on').fill('alpha');
    await page.getByRole('button', { name: 'Shut down', exact: true }).click();
    await page.getByRole('heading', { name: 'Shutting down' }).waitFor();
    await nodes[0]!.stop();
    await page.getByText('srrd on alpha has ended').waitFor();
  });
});
