import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { source as axeSource } from 'axe-core';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Stage as Demo, openStage } from '../../sandbox/demo/stage.ts';
import type { ClientLogin } from '../../sandbox/page/world-panel.ts';

/** The whole demo, and a real browser that looks at it. */

export interface Stage extends Demo {
  readonly address: string;
  readonly browser: Browser;
  /** A window of its own. */
  open(): Promise<Window>;
}

export interface Window {
  readonly page: Page;
  /** Addresses that were asked for and are not the page's. */
  readonly strangers: readonly string[];
  /** What went wrong in the page: errors, refusals of its policy, dialogs of the browser's. */
  readonly faults: readonly string[];
}

/** A client that lost its name, as the demo's. */
export const SHOP: ClientLogin = {
  address: '240.7.19.3',
  host: 'shop.example.com',
  account: 'shop',
  password: 'sandbox',
};

export const SIZE = { width: 1280, height: 800 };

const PICTURES = process.env['PICTURES'] ?? join(tmpdir(), 'hostcache-pictures');

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Grey edges of letters make pictures half as large as coloured ones.
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

/** The machine exists, its account too, and its login is refused; the guide names it. */
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

/** The box of the conversation. */
export function box(page: Page) {
  return page.getByRole('combobox', { name: /^Message / });
}

/** The messages of the conversation, the oldest first. */
export function messages(page: Page) {
  return page.getByRole('main').getByRole('article');
}

/** Those that only this person sees. */
export function answers(page: Page) {
  return messages(page).filter({ hasText: 'Only visible to you' });
}

export async function type(page: Page, line: string): Promise<void> {
  await box(page).fill(line);
  await box(page).press('Enter');
}

/** Kept where PICTURES says, else in the temporary directory. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' });
}

/** What axe finds that keeps somebody out: its serious and critical findings, each with where. */
export async function hindrances(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  return await page.evaluate(async () => {
    // The source above has put it there.
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id} ${target} ${html}`));
  });
}

/** Waits until it reads so. */
export async function eventually(read: () => Promise<unknown>, wanted: unknown): Promise<void> {
  await expect.poll(read).toEqual(wanted);
}

/** Whether the keyboard goes there. */
export async function hasFocus(element: Locator): Promise<boolean> {
  return (await element.and(element.page().locator(':focus')).count()) === 1;
}
