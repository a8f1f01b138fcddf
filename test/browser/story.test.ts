import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  answers,
  box,
  eventually,
  hasFocus,
  hindrances,
  layCase,
  messages,
  openBrowser,
  picture,
  SHOP,
  type Stage,
  type,
  type Window,
} from './browser.ts';

/** The project's story in the browser, as the page's guide describes it. Each test continues from the one before. */

let stage: Stage;
let window: Window;
let page: Page;

beforeAll(async () => {
  stage = await openBrowser();
  await layCase(stage);
  window = await stage.open();
  page = window.page;
});

afterAll(() => stage.stop());

const guide = () => page.getByRole('region', { name: 'Try this' });
const done = () => guide().getByRole('listitem').filter({ hasText: ', done' });
const cache = () => page.getByRole('region', { name: 'Host cache of main' });
const lever = (name: string) => page.getByRole('button', { name, exact: true });
const become = (name: string) => page.getByRole('radio', { name }).check();

describe('the story in the browser', () => {
  it('shows the alert that the bot posts, and the row it is about', async () => {
    const alert = messages(page).filter({ hasText: '1 host without a name on main' });
    await alert.getByRole('cell', { name: SHOP.address }).waitFor();
    await cache()
      .getByRole('row', { name: `${SHOP.address} NULL` })
      .waitFor();
    await guide().getByText('The bot has posted an alert.').waitFor();
    expect(await hindrances(page)).toEqual([]);
    await picture(page, 'alert');
  });

  it('answers why, privately, and says that DNS comes first', async () => {
    await guide().getByRole('button', { name: 'Type it for me' }).click();
    await eventually(() => box(page).inputValue(), '/hostcache why 240.7.19.3 as shop');
    await box(page).press('Enter');
    await answers(page).last().getByText('fix DNS first, then flush').waitFor();
    await eventually(() => done().count(), 1);
    expect(await hindrances(page)).toEqual([]);
    await picture(page, 'why');
  });

  it('keeps the private answer from the others', async () => {
    await become('Carol');
    // Until her own view arrives, the page shows Alice's.
    await eventually(() => page.getByText('fix DNS first, then flush').count(), 0);
    await messages(page).first().waitFor();
    await become('Alice');
    await page.getByText('fix DNS first, then flush').waitFor();
  });

  it('fixes DNS, checks again, and the old row keeps the client out', async () => {
    await lever('Fix DNS').click();
    await page
      .getByText('DNS is fixed: 240.7.19.3 and shop.example.com resolve to each other.')
      .waitFor();
    await lever('shop logs in').click();
    const incidents = page.getByRole('region', { name: 'What happened' }).getByRole('listitem');
    await incidents.first().getByText('ERROR 1130').waitFor();
    await cache()
      .getByRole('row', { name: `${SHOP.address} NULL` })
      .waitFor();
    await answers(page)
      .last()
      .getByRole('button', { name: /^Check again/ })
      .click();
    await answers(page).last().getByText('a flush of the host cache cures it').waitFor();
    await eventually(() => done().count(), 3);
  });

  it('asks for the reason of a flush in a form, and refuses none', async () => {
    await type(page, '/hostcache flush');
    const form = page.getByRole('dialog', { name: 'Request a flush' });
    await form.waitFor();
    await form.getByRole('button', { name: 'Request flush' }).click();
    await form.getByText('This field is required.').waitFor();
    expect(await hindrances(page)).toEqual([]);
    const reason = form.getByRole('textbox');
    await reason.fill('   ');
    await form.getByRole('button', { name: 'Request flush' }).click();
    await form.getByText('Expected some text, got blanks only.').waitFor();
    await reason.fill('DNS of the shop is fixed');
    await picture(page, 'flush-form');
    await form.getByRole('button', { name: 'Request flush' }).click();
    await messages(page).filter({ hasText: 'Approval needed: flush main' }).waitFor();
    await eventually(() => page.getByRole('dialog').count(), 0);
    await eventually(() => done().count(), 4);
  });

  it('does not let the requester approve', async () => {
    await page.getByRole('button', { name: /^Approve/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Flush', exact: true }).click();
    await answers(page)
      .last()
      .getByText(/your own|requester cannot approve|second person/i)
      .waitFor();
    expect(await page.getByRole('button', { name: /^Approve/ }).count()).toBe(1);
  });

  it('flushes when a second person approves, after Slack has asked again', async () => {
    await become('Bob');
    const approve = page.getByRole('button', { name: /^Approve/ });
    await approve.click();
    const again = page.getByRole('dialog', { name: 'Flush the host cache?' });
    await again.getByRole('button', { name: 'Go back' }).click();
    await eventually(() => page.getByRole('dialog').count(), 0);
    expect(await hasFocus(approve)).toBe(true);
    await picture(page, 'approval');
    await approve.click();
    await again.getByRole('button', { name: 'Flush', exact: true }).click();
    await messages(page).filter({ hasText: 'Flushed: flush main' }).waitFor();
    await eventually(() => page.getByRole('button', { name: /^Approve/ }).count(), 0);
    await eventually(() => done().count(), 5);
  });

  it('shows the host return', async () => {
    await lever('shop logs in').click();
    await page
      .getByText('shop connects from 240.7.19.3: logged in as shop@shop.example.com.')
      .waitFor();
    await cache()
      .getByRole('row', { name: `${SHOP.address} ${SHOP.host}` })
      .waitFor();
    await eventually(() => done().count(), 6);
    await guide()
      .getByText(/^Solved\./)
      .waitFor();
  });

  it('opens the thread with the proof and the saved rows, and gives the focus back', async () => {
    const card = messages(page).filter({ hasText: 'Flushed: flush main' });
    const replies = card.getByRole('button', { name: /^\d+ repl/ });
    await eventually(() => replies.textContent(), '3 replies');
    await replies.click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('The cache was emptied', { exact: false }).first().waitFor();
    const link = thread.getByRole('link', { name: /^Download / });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const rows = await (await download.createReadStream()).toArray();
    expect(Buffer.concat(rows).toString()).toContain(SHOP.address);
    expect(await hindrances(page)).toEqual([]);
    await picture(page, 'thread');
    await page.keyboard.press('Escape');
    await eventually(() => thread.count(), 0);
    expect(await hasFocus(replies)).toBe(true);
  });

  it('explains an error that a person has posted, by the shortcut of the manifest', async () => {
    await type(page, "ERROR 1130: Host '240.7.19.3' is not allowed to connect <at> & noon");
    const said = messages(page).filter({ hasText: 'is not allowed to connect <at> & noon' });
    await said.hover();
    await said.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Explain MySQL error' }).click();
    const answer = answers(page).last();
    await answer.getByText('240.7.19.3 was refused by main (1130), although').waitFor();
    await answer.getByText('Its entry counts no 1130 since').waitFor();
  });

  it('refuses a command in a thread, and shows the answer to a mention there', async () => {
    const said = messages(page)
      .filter({ hasText: 'is not allowed to connect <at> & noon' })
      .first();
    await said.hover();
    await said.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Reply in thread' }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    const reply = thread.getByRole('combobox', { name: 'Reply in this thread' });
    await reply.fill('/hostcache why 240.7.19.3');
    await reply.press('Enter');
    await page.getByText('/hostcache is not supported in threads. Sorry!').waitFor();
    await reply.fill('@hostcache why 240.7.19.3');
    await reply.press('Enter');
    await thread.getByRole('article').nth(2).getByText('240.7.19.3').first().waitFor();
    const mention = thread.getByRole('article').nth(1).locator('.mention');
    await eventually(() => mention.textContent(), '@hostcache');
    await eventually(() => said.getByRole('button', { name: '2 replies' }).count(), 1);
    expect(await thread.getByText('Only visible to you').count()).toBe(0);
    expect(await hindrances(page)).toEqual([]);
    await picture(page, 'mention');
    await page.keyboard.press('Escape');
    await eventually(() => thread.count(), 0);
  });

  it('runs a health check, and shows the alert about it', async () => {
    await lever('Health check ×100').click();
    await cache().getByRole('row', { name: '100 / 100 blocked' }).waitFor();
    await messages(page).filter({ hasText: '1 blocked host on main' }).first().waitFor();
  });

  it('draws the Home of the bot, and asks from there', async () => {
    await page
      .getByRole('navigation')
      .getByRole('button', { name: /^hostcache/ })
      .click();
    const home = page.getByRole('region', { name: 'Home of hostcache' });
    await home.getByText('1 blocked host on').waitFor();
    expect(await hindrances(page)).toEqual([]);
    await picture(page, 'home');
    await home.getByRole('button', { name: /^Why is a client refused/ }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('textbox').first().fill(SHOP.address);
    await form.getByRole('button', { name: 'Ask' }).click();
    await page.getByRole('button', { name: 'Messages new' }).click();
    await messages(page)
      .last()
      .getByText(/blocked/)
      .first()
      .waitFor();
  });

  it('follows the link of an alert within the page', async () => {
    await page.getByRole('button', { name: 'Home', exact: true }).click();
    await page.getByRole('region', { name: 'Home of hostcache' }).getByText('AL-2').click();
    const alert = messages(page).filter({ hasText: '1 blocked host on main' });
    await eventually(() => hasFocus(alert), true);
  });

  it('shows what Slack refuses', async () => {
    await type(page, '/nothing here');
    await page.getByRole('alert').filter({ hasText: '/nothing is not a valid command' }).waitFor();
    await type(page, 'words that it takes');
    await eventually(() => page.getByRole('alert').textContent(), '');
  });

  it('asked nobody but itself, and met no fault', () => {
    expect(window.strangers).toEqual([]);
    expect(window.faults).toEqual([]);
    expect(stage.slack.refusals).toEqual([]);
  });
});
