import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Task } from '../../sandbox/page/guide.ts';
import { createPage, type Scene } from '../../sandbox/page/page.ts';
import { createWorldPanel } from '../../sandbox/page/world-panel.ts';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { startPeer } from '../slack-peer.ts';
import {
  box,
  eventually,
  hindrances,
  launch,
  openWindow,
  PHONE,
  picture,
  SHOP,
  type Window,
} from './browser.ts';

/** The page on a phone, from the start of its parts to the visitor's task. It needs no server. */

let browser: Browser;
let slack: SlackPeer;
let window: Window;
let page: Page;
let task: Task | null = null;

const panel = createWorldPanel(
  () => new Date(),
  () => undefined,
);

beforeAll(async () => {
  const people = [{ id: 'U0ALICE', name: 'Alice' }];
  const scene = (): Scene => ({ slack, people, completions: [], task });
  slack = await startPeer({ page: createPage(scene, panel) });
  slack.workspace.addUser({ name: 'Alice' });
  slack.workspace.addChannel({ name: 'dba', members: ['U0ALICE'] });
  browser = await launch();
  window = await openWindow(browser, `${slack.origin}/`);
  page = window.page;
  await page.setViewportSize(PHONE);
});

afterAll(async () => {
  await browser.close();
  await slack.stop();
});

const guide = () => page.getByRole('region', { name: 'Try this' });
const show = (pane: string) =>
  page.getByRole('group', { name: 'Show' }).getByRole('button', { name: pane }).click();

/** WCAG 2.2 asks for 24 px at level AA and for 44 px at AAA. */
const TARGET_PX = 40;

async function smallTargets(): Promise<readonly string[]> {
  return await page.locator('button, input:not([type=radio]), select, label').evaluateAll(
    (all, least) =>
      all
        .filter((one) => {
          const { width, height } = one.getBoundingClientRect();
          const isText = one.matches('.link, .unseen, .machine, .composer label');
          return width > 0 && !isText && Math.min(width, height) < least;
        })
        .map(({ outerHTML }) => outerHTML),
    TARGET_PX,
  );
}

describe('on a phone', () => {
  it('lists the parts as they start, the last one under way', async () => {
    await show('Try this');
    const lines = guide().getByRole('list', { name: 'What has started' }).getByRole('listitem');
    panel.starts('A local Slack workspace is running.');
    panel.starts('Starting a MySQL server …');
    await eventually(
      () => lines.allTextContents(),
      ['A local Slack workspace is running. Done.', 'Starting a MySQL server …'],
    );
    expect(await lines.last().getAttribute('aria-current')).toBe('step');
    await picture(page, 'start');
    await page.setViewportSize(PHONE);
    panel.starts(null);
    await eventually(() => lines.count(), 0);
  });

  it('shows one pane at a time, and goes back to Slack to type', async () => {
    panel.offer(SHOP);
    const { address, host, account } = SHOP;
    task = { client: { address, host, account }, since: slack.workspace.happenings.length };
    panel.happened('Your turn.');
    await eventually(() => page.getByRole('main').isVisible(), false);
    await guide().getByText('Ask why').waitFor();
    expect(await guide().getByRole('listitem').locator('b').allTextContents()).toContain(
      'Check again',
    );
    expect(await smallTargets()).toEqual([]);
    expect(await hindrances(page)).toEqual([]);
    await picture(page, 'guide');
    await page.setViewportSize(PHONE);
    await guide().getByRole('button', { name: 'Type it for me' }).click();
    await eventually(() => box(page).inputValue(), `/hostcache why ${address} as ${account}`);
    expect(await guide().isVisible()).toBe(false);
  });

  it('has targets for a finger, and hides no menu', async () => {
    const said = slack.say('U0ALICE', 'C0DBA', 'a long line of words '.repeat(9));
    slack.say('U0ALICE', 'C0DBA', 'a reply', { threadTs: said.ts });
    const article = page.getByRole('article').first();
    await article.getByRole('button', { name: '1 reply' }).waitFor();
    const more = article.getByRole('button', { name: 'More actions' });
    await page.mouse.move(1, 1);
    expect(await more.evaluate((one) => one.checkVisibility({ opacityProperty: true }))).toBe(true);
    expect(await smallTargets()).toEqual([]);
    await more.click();
    await page.getByRole('menuitem', { name: 'Reply in thread' }).waitFor();
    expect(await smallTargets()).toEqual([]);
    expect(await hindrances(page)).toEqual([]);
    await picture(page, 'menu');
    await page.setViewportSize(PHONE);
    await page.getByRole('menuitem', { name: 'Reply in thread' }).click();
    await page.getByRole('complementary', { name: 'Thread' }).getByText('a reply').waitFor();
    await eventually(() => page.getByRole('main').isVisible(), false);
    expect(await smallTargets()).toEqual([]);
    await page.getByRole('button', { name: 'Close thread' }).click();
    await page.getByRole('main').waitFor();
  });

  it('asked nobody but itself, and met no fault', () => {
    expect(window.strangers).toEqual([]);
    expect(window.faults).toEqual([]);
  });
});
