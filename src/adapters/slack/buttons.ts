import type { types } from '@slack/bolt';
import type { Block, Button, LinkButton } from '../../chat/message.ts';
import { clean, cut } from './clean.ts';

/** Draws buttons, and a menu for those that are less often needed. */

const BUTTON = { label: 75, value: 2000, says: 75, url: 3000, perBlock: 25 };
const CONFIRM = { title: 100, text: 300, answer: 30 };

/** A menu of one would be a button with two clicks. For values, Slack names 75 and 150 characters. */
const MENU = { least: 2, most: 5, label: 75, value: 75 };

/** Prefixes of the action_id. */
const RUNS = 'run';
const OPENS = 'open';
const MENU_OF = 'menu';

/** Prefix of the action_id of a button whose private answer replaces its message. */
export const REPLACES = 'replace';

type Buttons = Pick<Extract<Block, { kind: 'buttons' }>, 'buttons' | 'links'>;

/** For one message: numbers its elements for their action_ids, and lets only one be primary. */
export function createButtonDrawing(): (block: Buttons) => types.ActionsBlock | null {
  let count = 0;
  let hasPrimary = false;
  const next = (prefix: string) => {
    count += 1;
    return `${prefix}.${count}`;
  };
  const draw = (button: Button): types.Button => {
    const style = button.style === 'primary' && hasPrimary ? undefined : button.style;
    hasPrimary ||= style === 'primary';
    return drawButton(button, style, next(button.replaces === true ? REPLACES : RUNS));
  };
  return ({ buttons, links = [] }) => {
    const usable = buttons
      .filter(({ line }) => line !== '' && line.length <= BUTTON.value)
      .slice(0, BUTTON.perBlock);
    const options = usable.filter(fitsMenu).slice(0, MENU.most);
    const inMenu = new Set(options.length < MENU.least ? [] : options);
    const elements = [
      ...usable.filter((button) => !inMenu.has(button)).map(draw),
      ...links
        .filter(({ url }) => url.length <= BUTTON.url)
        .map((button) => drawLink(button, next(OPENS))),
      ...(inMenu.size === 0 ? [] : [drawMenu(options, next(MENU_OF))]),
    ];
    return elements.length === 0 ? null : { type: 'actions', elements };
  };
}

/** A menu asks nothing before it acts, and its answer replaces nothing. */
function fitsMenu({ inMenu, line, confirm, replaces }: Button): boolean {
  const isPlain = confirm === undefined && replaces !== true;
  return inMenu === true && isPlain && line.length <= MENU.value;
}

function drawMenu(buttons: readonly Button[], actionId: string): types.Overflow {
  const options = buttons.map(({ label, line }) => ({
    text: plainText(label, MENU.label),
    value: line,
  }));
  return { type: 'overflow', action_id: actionId, options };
}

function drawLink({ label, url, says }: LinkButton, actionId: string): types.Button {
  return {
    type: 'button',
    action_id: actionId,
    text: plainText(label, BUTTON.label),
    url,
    accessibility_label: plainText(says || label, BUTTON.says).text,
  };
}

function drawButton(
  { label, line, says, confirm }: Button,
  style: Button['style'],
  actionId: string,
): types.Button {
  return {
    type: 'button',
    action_id: actionId,
    text: plainText(label, BUTTON.label),
    value: line,
    accessibility_label: plainText(says || label, BUTTON.says).text,
    ...(style !== undefined && { style }),
    ...(confirm !== undefined && {
      confirm: {
        title: plainText(confirm.title, CONFIRM.title),
        text: plainText(confirm.text, CONFIRM.text),
        confirm: plainText(confirm.yes, CONFIRM.answer),
        deny: plainText(confirm.no, CONFIRM.answer),
      },
    }),
  };
}

/** Text that Slack does not parse; never empty. */
export function plainText(words: string, limit: number): types.PlainTextElement {
  return { type: 'plain_text', text: cut(clean(words), limit) || '…', emoji: false };
}
