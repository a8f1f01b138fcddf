import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { source as axeSource } from 'axe-core';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Stage as Demo, openStage } from '../../sandbox/demo/stage.ts';
import type { ClientLogin } from '../../sandbox/page/world-panel.ts';

/** Starts the whole demo, and a real browser that opens its page. */

export interface Stage extends Demo {
  readonly address: string;
  readonly browser: Browser;
  /** Opens a new window. */
  open(): Promise<Window>;
}

export interface Window {
  readonly page: Page;
  /** Requested addresses that are not the page's. */
  readonly strangers: readonly string[];
  /** Faults in the page: errors, violations of its content security policy, dialogs of the browser. */
  readonly faults: readonly string[];
}

/** A client that has lost its name, as in the demo. */
export const SHOP: ClientLogin = {
  address: '240.7.19.3',
  host: 'shop.example.com',
  account: 'shop',
  password: 'sandbox',
};

export const SIZE = { width: 1280, height: 800 };

export const PHONE = { width: 390, height: 844 };

const PICTURES = process.env['PICTURES'] ?? join(tmpdir(), 'hostcache-pictures');

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Pictures are half as large without the coloured edges of letters.
  '--disable-lcd-text',
];

export async function openBrowser(): Promise<Stage> {
  const silent = () => undefined;
  const demo = await openStage({ say: silent, happening: silent, deadlineMs: 60_000 });
  const browser = await launch();
  const address = `${demo.slack.origin}/`;
  return {
    ...demo,
    address,
    browser,
    open: () => openWindow(browser, address),
    stop: async () => {
      await browser.close();
      await demo.stop();
    },
  };
}

export async function launch(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  return await chromium.launch({ executablePath, args: ARGUMENTS, timeout: 120_000 });
}

/** Creates the client's account, makes it the guide's task, and lets it log in, which the server refuses. */
export async function layCase({ world, panel, assign }: Stage): Promise<void> {
  const { address, host, account, password } = SHOP;
  await world.query(`CREATE USER '${account}'@'${host}' IDENTIFIED BY '${password}'`);
  assign(SHOP);
  await panel.pull('login', address);
}

export async function openWindow(browser: Browser, address: string): Promise<Window> {
  const page = await browser.newPage({ viewport: SIZE });
  page.setDefaultTimeout(120_000);
  const strangers: string[] = [];
  const faults: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) strangers.push(request.url());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(address);
  await box(page).waitFor();
  return { page, strangers, faults };
}

/** The composer of the conversation. */
export function box(page: Page) {
  return page.getByRole('combobox', { name: /^Message / });
}

/** The messages of the conversation, oldest first. */
export function messages(page: Page) {
  return page.getByRole('main').getByRole('article');
}

/** The messages that only this person sees. */
export function answers(page: Page) {
  return messages(page).filter({ hasText: 'Only visible to you' });
}

export async function type(page: Page, line: string): Promise<void> {
  await box(page).fill(line);
  await box(page).press('Enter');
}

/**
 * Checks that nothing is cut off at the page's width and at a phone's, and saves a picture of each.
 * `top`: what is scrolled to the top.
 */
export async function picture(page: Page, name: string, top?: Locator): Promise<void> {
  await snap(page, `${name}-phone`, PHONE, top);
  await snap(page, name, SIZE, top);
}

/** Saves a screenshot in the folder PICTURES, by default in the temporary directory. */
async function snap(page: Page, name: string, size: typeof SIZE, top?: Locator): Promise<void> {
  await page.setViewportSize(size);
  await top?.evaluate((element) => element.scrollIntoView());
  expect(await cutOff(page, size), `${name}, ${size.width} px wide`).toEqual([]);
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' });
}

/** What is wider than the window and cannot be scrolled into view. */
async function cutOff(page: Page, { width }: typeof SIZE): Promise<readonly string[]> {
  const isWide = await page
    .locator('html')
    .evaluate((html, wide) => html.scrollWidth > wide, width);
  const out = await page.locator('button, input, select, a, h2').evaluateAll(
    (all, right) =>
      all
        .filter((one) => {
          const box = one.getBoundingClientRect();
          const isReached = one.closest('.skip, .unseen, .table, pre') !== null;
          return box.width > 0 && !isReached && (box.left < 0 || box.right > right);
        })
        .map(({ outerHTML }) => outerHTML),
    width,
  );
  return [...(isWide ? ['the page'] : []), ...out];
}

/** axe's serious and critical findings about accessibility, each with its place. */
export async function hindrances(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  return await page.evaluate(async () => {
    // The source above has defined it.
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id} ${target} ${html}`));
  });
}

/** Waits until it has this value. */
export async function eventually(read: () => Promise<unknown>, wanted: unknown): Promise<void> {
  await expect.poll(read).toEqual(wanted);
}

/** Whether the element has the focus. */
export async function hasFocus(element: Locator): Promise<boolean> {
  return (await element.and(element.page().locator(':focus')).count()) === 1;
}
