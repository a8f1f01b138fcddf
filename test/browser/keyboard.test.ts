import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  answers,
  box,
  eventually,
  hasFocus,
  layCase,
  messages,
  openBrowser,
  type Stage,
  type Window,
} from './browser.ts';

/** The first half of the story without a mouse. Each test continues from the one before. */

let stage: Stage;
let window: Window;
let page: Page;

beforeAll(async () => {
  stage = await openBrowser();
  await layCase(stage);
  window = await stage.open();
  page = window.page;
  await messages(page).first().waitFor();
});

afterAll(() => stage.stop());

const MANY = 80;

const focused = () => page.locator(':focus');

/** Presses Tab until the element has the focus; rejects when it is never reached. */
async function tabTo(wanted: ReturnType<Page['locator']>, key = 'Tab'): Promise<void> {
  for (let pressed = 0; pressed < MANY; pressed += 1) {
    if (await hasFocus(wanted)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`never reached: ${String(wanted)}`);
}

const press = async (...keys: readonly string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};

describe('without a mouse', () => {
  it('skips to the conversation', async () => {
    await press('Tab');
    expect(await focused().textContent()).toBe('Skip to the conversation');
    await press('Enter', 'Tab');
    await eventually(() => page.getByRole('log').evaluate((log) => log.matches(':focus')), true);
  });

  it('completes a command with arrows, Tab and Enter, and sends it', async () => {
    await tabTo(box(page));
    await page.keyboard.type('/');
    const options = page.getByRole('listbox').getByRole('option');
    await eventually(() => options.count(), 1);
    await press('Tab');
    await eventually(() => box(page).inputValue(), '/hostcache ');
    await page.keyboard.type('s');
    await press('ArrowDown', 'ArrowDown', 'ArrowUp');
    const marked = page.getByRole('listbox').getByRole('option', { selected: true });
    await eventually(() => marked.count(), 1);
    const id = await marked.getAttribute('id');
    expect(await box(page).getAttribute('aria-activedescendant')).toBe(id);
    await press('Escape');
    await eventually(() => options.count(), 0);
    await press('Backspace');
    await page.keyboard.type('wh');
    await press('ArrowDown', 'Enter');
    await eventually(() => box(page).inputValue(), '/hostcache why ');
    await page.keyboard.type('240.7.19.3 as shop');
    await press('Enter');
    await answers(page).last().getByText('fix DNS first, then flush').waitFor();
    expect(await hasFocus(box(page))).toBe(true);
  });

  it('knows every subcommand of the help, and no other', async () => {
    await box(page).fill('/hostcache ');
    const names = (await page.getByRole('listbox').locator('code').allTextContents()).map(
      (usage) => usage.split(' ')[0],
    );
    expect(names).toEqual(
      expect.arrayContaining(['why', 'list', 'status', 'flush', 'approve', 'silence', 'help']),
    );
    expect(new Set(names).size).toBe(names.length);
    await box(page).fill('');
  });

  it('presses a button of a message', async () => {
    const check = messages(page)
      .last()
      .getByRole('button', { name: /^Check again/ });
    await tabTo(check, 'Shift+Tab');
    const before = await answers(page).count();
    await press('Space');
    // The new answer replaces the one with the button, and the message keeps the focus.
    await eventually(() => hasFocus(check), true);
    expect(await answers(page).count()).toBe(before);
  });

  it('opens a form, is kept in it, leaves it by Esc and by Cancel, and is back where it was', async () => {
    await tabTo(box(page));
    const form = page.getByRole('dialog', { name: 'Request a flush' });
    for (const leave of [['Escape'], ['Tab', 'Enter']]) {
      await page.keyboard.type('/hostcache flush');
      await press('Enter');
      await eventually(() => hasFocus(form.getByRole('textbox')), true);
      await press(...leave);
      await eventually(() => form.count(), 0);
      await eventually(() => hasFocus(box(page)), true);
    }
    expect(stage.slack.workspace.modals.size).toBe(0);
  });

  it('reaches nothing behind an open form', async () => {
    await page.keyboard.type('/hostcache flush');
    await press('Enter');
    const form = page.getByRole('dialog');
    await eventually(() => hasFocus(form.getByRole('textbox')), true);
    const outside = page.locator('.page :focus');
    for (let pressed = 0; pressed < 12; pressed += 1) {
      await press('Tab');
      expect(await outside.count()).toBe(0);
    }
    await press('Escape');
    await eventually(() => form.count(), 0);
  });

  it('opens the menu of a message, moves in it, and leaves it', async () => {
    const more = messages(page).first().getByRole('button', { name: 'More actions' });
    await tabTo(more, 'Shift+Tab');
    await press('Enter');
    const items = page.getByRole('menuitem');
    await eventually(() => hasFocus(items.first()), true);
    await press('ArrowDown');
    await eventually(() => hasFocus(items.nth(1)), true);
    await press('Escape');
    await eventually(() => hasFocus(more), true);
  });

  it('becomes another person, who sees their own', async () => {
    await tabTo(page.getByRole('radio', { name: 'Alice' }), 'Shift+Tab');
    await press('ArrowDown');
    await eventually(() => page.getByRole('radio', { name: 'Bob' }).isChecked(), true);
    await eventually(() => page.getByText('Only visible to you').count(), 0);
    expect(await hasFocus(page.getByRole('radio', { name: 'Bob' }))).toBe(true);
  });

  it('pulls a lever', async () => {
    await tabTo(page.getByRole('button', { name: 'Fix DNS' }));
    await press('Enter');
    await page.getByText('DNS is fixed: 240.7.19.3').waitFor();
  });

  it('reads in the order in which it is seen', async () => {
    const order = await page
      .locator('header, nav, main h2, [role=log], main form, aside h2')
      .evaluateAll((parts) =>
        parts.map((part) => {
          const { left, top } = part.getBoundingClientRect();
          return { left: Math.round(left), top: Math.round(top) };
        }),
      );
    const sorted = [...order].sort((a, b) => (a.left === b.left ? a.top - b.top : a.left - b.left));
    // The banner is above all columns.
    expect(order[0]?.top).toBe(0);
    expect(order.slice(1)).toEqual(sorted.filter((part) => part !== order[0]));
  });

  it('met no fault', () => {
    expect(window.faults).toEqual([]);
    expect(window.strangers).toEqual([]);
    expect(stage.slack.failures).toEqual([]);
  });
});
