import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { CHECKOUT } from '../lab/checkout.js';

/** A browser without anything that talks to the network by itself. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where the tests put their pictures. */
export const SCREENSHOTS = join(CHECKOUT, '.lab', 'reports', 'screenshots');

export const BUILT_PAGES = join(CHECKOUT, 'web', 'dist');

export async function openBrowser(): Promise<Browser> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS, timeout: 60_000 });
}

/** A page of its own profile, and everything that went wrong in it. */
export interface Tab {
  readonly page: Page;
  /** Exceptions, errors on the console, and what the Content-Security-Policy kept from happening. */
  readonly mistakes: string[];
}

export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const mistakes: string[] = [];
  page.on('pageerror', (error) => mistakes.push(error.message));
  page.on('console', (message) => {
    // What the browser says of a request that failed is no mistake of the page: it shows that itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      mistakes.push(message.text());
  });
  return { page, mistakes };
}

/** Waits until the page is fed by the node. */
export async function untilLive({ page }: Tab): Promise<void> {
  await page.locator('.live-live').waitFor();
}

/** Opens a menu of commands and chooses one. */
export async function command(page: Page, menu: string, name: string): Promise<void> {
  await page.getByRole('button', { name: menu, exact: true }).click();
  await page.locator(`.menu [data-command="${name}"]`).click();
}

/** When the next click in the page happens, in ms since 1970: what Playwright does before it is not counted. */
export function clickedAt(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        addEventListener('click', () => resolve(Date.now()), { capture: true, once: true });
      }),
  );
}

/** When the browser has drawn what the selector names, in ms since 1970. It is looked for at every frame. */
export async function drawnAt(page: Page, selector: string): Promise<number> {
  const drawn = await page.waitForFunction(
    (wanted) => (document.querySelector(wanted) === null ? null : Date.now()),
    selector,
  );
  const at = await drawn.jsonValue();
  if (at === null) throw new Error(`expected ${selector} to be drawn`);
  return at;
}
