import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPage, type Scene } from '../../sandbox/page/page.ts';
import { createWorldPanel } from '../../sandbox/page/world-panel.ts';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { plainText } from '../../sandbox/slack/shown.ts';
import { slackMessage } from '../../src/adapters/slack/blocks.ts';
import { alertMessage } from '../../src/sweep/messages.ts';
import { startPeer } from '../slack-peer.ts';
import { alert, host as oneHost } from '../sweep/alert-change.ts';
import { BLOCKS, mrkdwn, plain, rich } from './blocks.ts';
import {
  eventually,
  hasFocus,
  hindrances,
  launch,
  messages,
  openWindow,
  picture,
  SIZE,
  type,
  type Window,
} from './browser.ts';
import { CHARTS } from './charts.ts';
import { plan } from './fleet.ts';
import { audit, timeline } from './week.ts';

/** The page draws all kinds of blocks with the text that the peer reads, and handles a missing bot. It needs no server. */

let browser: Browser;
let slack: SlackPeer;
let channel: string;
let window: Window;
let page: Page;

beforeAll(async () => {
  const panel = createWorldPanel(
    () => new Date(),
    () => undefined,
  );
  const people = [{ id: 'U0ALICE', name: 'Alice' }];
  const scene = (): Scene => ({ slack, people, completions: [], task: null });
  slack = await startPeer({ page: createPage(scene, panel) });
  slack.workspace.addUser({ name: 'Alice' });
  slack.workspace.addUserGroup({ handle: 'dbas', members: ['U0ALICE'] });
  channel = slack.workspace.addChannel({ name: 'dba', members: ['U0ALICE'] }).id;
  browser = await launch();
  window = await openWindow(browser, `${slack.origin}/`);
  page = window.page;
});

afterAll(async () => {
  await browser.close();
  await slack.stop();
});

/** Only letters, because the peer and the page separate lines, bullets and cells differently. */
const letters = (text: string | null) => (text ?? '').replaceAll(/[\s•|]/g, '');

describe('blocks as the peer reads them', () => {
  it.each([...BLOCKS, ...CHARTS])('$name', async ({ blocks }) => {
    const drawn = page.getByRole('article').last().locator('.blocks');
    const message = await post(blocks);
    await eventually(async () => letters(await drawn.textContent()), letters(plainText(message)));
    expect(await page.locator('script').count()).toBe(1);
  });

  it("names people and groups, and shows times in the reader's time zone", async () => {
    await post([
      {
        type: 'context',
        elements: [
          mrkdwn('<@U0ALICE> <!subteam^S0DBAS> <#C0DBA> <!here>'),
          mrkdwn('<!date^1795165331^{date_short_pretty} {time_secs}|a fallback>'),
        ],
      },
      rich({ type: 'date', timestamp: 1_795_165_331, format: '{time_secs}', fallback: 'never' }),
    ]);
    const drawn = messages(page).last();
    await drawn.getByText('@Alice').waitFor();
    expect(await drawn.locator('.mention').allTextContents()).toEqual(['@Alice', '@dbas', '#dba']);
    const times = await drawn
      .locator('.blocks time')
      .evaluateAll((all) => all.map((one) => one.getAttribute('datetime')));
    expect(times).toEqual(Array(2).fill(new Date(1_795_165_331_000).toISOString()));
  });

  it('makes links of web pages alone', async () => {
    await post([
      rich(
        { type: 'link', url: 'javascript:alert(1)', text: 'script' },
        { type: 'link', url: 'data:text/html,x', text: 'data' },
        { type: 'link', url: 'https://dev.mysql.com/', text: 'manual' },
      ),
    ]);
    const drawn = messages(page).last();
    await drawn.getByText('data').waitFor();
    const links = drawn.getByRole('link');
    expect(await links.allTextContents()).toEqual(['manual']);
    expect(await links.getAttribute('rel')).toBe('noopener noreferrer');
  });

  it('draws charts at any width, with nothing cut off', async () => {
    for (const [index, { blocks }] of CHARTS.entries()) {
      await post(blocks);
      const drawn = messages(page).last().locator('figure > svg');
      await drawn.locator('rect, polyline, polygon, circle').first().waitFor();
      await picture(page, `chart-${index}`);
    }
    expect(await hindrances(page)).toEqual([]);
  });

  it.each([
    { name: 'timeline', message: timeline() },
    { name: 'audit', message: audit() },
    { name: 'plan', message: plan() },
  ])('draws the answer of $name', async ({ name, message }) => {
    await post(slackMessage(message).blocks);
    const drawn = messages(page).last();
    await drawn.getByText(message.headline).waitFor();
    await drawn.getByRole('table').last().waitFor();
    expect(await hindrances(page)).toEqual([]);
    await picture(page, name, drawn);
  });

  it('draws a deleted root above the thread that is left of it', async () => {
    const root = await post([{ type: 'section', text: mrkdwn('soon gone') }]);
    slack.say('U0ALICE', channel, 'a reply that stays', { threadTs: root.ts });
    const said = messages(page).filter({ hasText: 'soon gone' });
    await said.getByRole('button', { name: '1 reply' }).waitFor();
    await said.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete message' }).click();
    await eventually(() => said.count(), 0);
    const deleted = messages(page).filter({ hasText: 'This message was deleted.' });
    await deleted.getByRole('button', { name: '1 reply' }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('This message was deleted.').waitFor();
    await thread.getByText('a reply that stays').waitFor();
    expect(await hindrances(page)).toEqual([]);
    await picture(page, 'deleted');
    await page.keyboard.press('Escape');
    const reply = slack.workspace.thread(channel, root.ts)[0]?.ts ?? '';
    slack.workspace.deleteMessage(channel, reply);
    await eventually(() => deleted.count(), 0);
  });

  it('lets nobody choose in vain', async () => {
    const option = (text: string) => ({ text: plain(text), value: text });
    await post([
      {
        type: 'actions',
        elements: [
          {
            type: 'static_select',
            action_id: 'which',
            placeholder: plain('Which server'),
            options: [option('main'), option('spare')],
          },
        ],
      },
    ]);
    await page.getByRole('combobox', { name: 'Which server' }).selectOption('spare');
    await page.getByText('hostcache is not connected').waitFor();
    expect(slack.failures.at(-1)?.error).toBe('dispatch_failed');
    expect(await hindrances(page)).toEqual([]);
  });

  it.each([
    { name: 'wide', size: SIZE },
    { name: 'narrow', size: { width: 390, height: 844 } },
  ])('an alert with a link and a menu, without a mouse, in a $name window', async (given) => {
    const { name, size } = given;
    await page.setViewportSize(size);
    const callout = { mention: ['U0ALICE'], runbookUrl: 'https://wiki.example/{rule}' };
    const { blocks } = slackMessage(
      alertMessage(alert({ hosts: [1, 2, 3].map((at) => oneHost(at)) }), callout),
    );
    const before = await messages(page).count();
    await post(blocks);
    // The same alert may be there from the other window.
    await eventually(() => messages(page).count(), before + 1);
    const drawn = messages(page).last();
    await drawn.getByText('🔴 Firing: 3 blocked hosts on main').waitFor();
    const link = drawn.getByRole('link', { name: 'Runbook' });
    expect(await link.getAttribute('href')).toBe('https://wiki.example/blocked-host');
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
    const more = drawn.getByRole('button', { name: 'More buttons' });
    await more.focus();
    await page.keyboard.press('Enter');
    const items = page.getByRole('menuitem');
    expect(await items.allTextContents()).toEqual(['Why 192.0.2.2', 'Why 192.0.2.3', 'Silence…']);
    await eventually(() => hasFocus(items.first()), true);
    expect(await hindrances(page)).toEqual([]);
    const box = await page.getByRole('menu').boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(size.width);
    await picture(page, `menu-${name}`);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText('hostcache is not connected').waitFor();
    await eventually(() => hasFocus(more), true);
    await page.setViewportSize(SIZE);
  });

  it('says that the bot is not there', async () => {
    await type(page, '/hostcache status');
    await page.getByText('/hostcache did not work: hostcache is not connected').waitFor();
    expect(window.faults).toEqual([]);
    expect(window.strangers).toEqual([]);
  });
});

/** Posts blocks like the app. */
async function post(blocks: readonly object[]) {
  const response = await fetch(`${slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${slack.botToken}` },
    body: JSON.stringify({ channel, text: 'drawn', blocks }),
  });
  expect(await response.json()).toMatchObject({ ok: true });
  const [message] = slack.workspace.roots(channel).slice(-1);
  if (message === undefined) throw new Error('nothing was posted');
  return message;
}
