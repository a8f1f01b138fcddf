import { describe, expect, it } from 'vitest';
import { flawsOfBlocks } from '../../../sandbox/slack/drawing-rules.ts';
import { slackMessage } from '../../../src/adapters/slack/blocks.ts';
import type { Button, LinkButton } from '../../../src/chat/message.ts';

/** Which buttons stand in the message, and which in its menu. */

function buttonOf(line: string, change: Partial<Button> = {}): Button {
  return { label: line.slice(0, 75), line, says: 'Ask', ...change };
}

const inMenu = { inMenu: true } as const;
const confirm = { title: 'Sure?', text: 'All go.', yes: 'Flush', no: 'Go back' };

/** The values of visible buttons, the URLs of links, and the values of each menu as a list. */
function drawn(buttons: readonly Button[], links: readonly LinkButton[] = []) {
  const message = { headline: 'h', blocks: [{ kind: 'buttons', buttons, links }] } as const;
  const { blocks } = slackMessage(message);
  const numbered = blocks.map((block, index) => ({ ...block, block_id: `b${index}` }));
  expect(flawsOfBlocks(numbered, 'message')).toEqual([]);
  const elements = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  const ids = elements.map(({ action_id }) => action_id);
  expect(new Set(ids).size).toBe(ids.length);
  return elements.map((element) => {
    if (element.type === 'overflow') return element.options.map(({ value }) => value);
    return element.type === 'button' ? (element.url ?? element.value) : element.type;
  });
}

describe('a menu', () => {
  it('holds the buttons that are less often needed, after all others', () => {
    const rest = [buttonOf('silence', inMenu), buttonOf('sweep', inMenu)];
    const link = { label: 'Runbook', url: 'https://wiki.example/main', says: 'Open it' };
    expect(drawn([...rest, buttonOf('ack AL-1')], [link])).toEqual([
      'ack AL-1',
      'https://wiki.example/main',
      ['silence', 'sweep'],
    ]);
  });

  it('of one would be a button with two clicks', () => {
    expect(drawn([buttonOf('ack AL-1'), buttonOf('silence', inMenu)])).toEqual([
      'ack AL-1',
      'silence',
    ]);
  });

  it('holds five at most', () => {
    const lines = ['1', '2', '3', '4', '5', '6', '7'];
    const buttons = lines.map((line) => buttonOf(line, inMenu));
    expect(drawn(buttons)).toEqual(['6', '7', lines.slice(0, 5)]);
  });

  it.each([
    { name: 'asks first', button: buttonOf('approve FR-1', { ...inMenu, confirm }) },
    { name: 'replaces its message', button: buttonOf('why', { ...inMenu, replaces: true }) },
    { name: 'has a long line', button: buttonOf(`why ${'x'.repeat(147)}`, inMenu) },
  ])('never holds a button that $name', ({ button }) => {
    const rest = [buttonOf('silence', inMenu), buttonOf('sweep', inMenu)];
    expect(drawn([button, ...rest])).toEqual([button.line, ['silence', 'sweep']]);
  });
});

describe('a link', () => {
  it('is left out rather than cut', () => {
    const url = `https://wiki.example/${'x'.repeat(3000)}`;
    expect(drawn([buttonOf('ack AL-1')], [{ label: 'Runbook', url, says: '' }])).toEqual([
      'ack AL-1',
    ]);
  });

  it('alone is enough for a row', () => {
    const url = 'https://wiki.example/';
    expect(drawn([], [{ label: 'Runbook', url, says: '' }])).toEqual([url]);
  });
});
