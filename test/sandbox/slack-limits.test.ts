/** Each of Slack's limits once, and how Slack parses mrkdwn. */
import { describe, expect, it } from 'vitest';
import { flawsOfBlocks, flawsOfView } from '../../sandbox/slack/drawing-rules.ts';
import { actives, shownText } from '../../sandbox/slack/mrkdwn.ts';

const letters = (count: number) => 'x'.repeat(count);
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const button = (more: object = {}) => ({ type: 'button', text: plain('Go'), ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (more: object = {}) => ({ text: plain('One'), value: '1', ...more });
const overflow = (count: number) => ({
  type: 'overflow',
  options: Array.from({ length: count }, () => option()),
});
const cell = { type: 'raw_text', text: 'x' };
const table = (rows: number, cells: number) => ({
  type: 'table',
  rows: Array.from({ length: rows }, () => Array.from({ length: cells }, () => cell)),
});
const confirm = (more: object) => ({
  confirm: { title: plain('t'), text: plain('t'), confirm: plain('y'), deny: plain('n'), ...more },
});
const rich = (...elements: object[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});
const pie = (count: number, value = 1) => ({
  type: 'data_visualization',
  title: 'Blocked hosts',
  chart: {
    type: 'pie',
    segments: Array.from({ length: count }, (_, index) => ({ label: `part ${index}`, value })),
  },
});
const line = (count: number, names: readonly string[] = [], labels = ['Mon', 'Tue']) => ({
  type: 'data_visualization',
  title: 'Connect errors',
  chart: {
    type: 'line',
    series: Array.from({ length: count }, (_, index) => ({
      name: names[index] ?? `server ${index}`,
      data: labels.map((label) => ({ label, value: -0.5 })),
    })),
    axis_config: { categories: ['Mon', 'Tue'], x_label: 'Day', y_label: 'Errors' },
  },
});
const alert = { type: 'alert', text: plain('careful') };
const input = {
  type: 'input',
  label: plain('Reason'),
  element: { type: 'plain_text_input', action_id: 'a' },
};

describe('a message', () => {
  const full = [
    section(letters(3000)),
    { type: 'section', fields: Array.from({ length: 5 }, () => mrkdwn(letters(1000))) },
    { type: 'header', text: plain(letters(150)) },
    { type: 'context', elements: Array.from({ length: 10 }, () => mrkdwn('x')) },
    rich({ type: 'text', text: '<!channel>', style: { code: true } }),
    { type: 'divider' },
  ];
  const interactive = [
    actions(
      ...Array.from({ length: 24 }, () => button({ value: '' })),
      button({
        text: plain(letters(75)),
        value: letters(2000),
        style: 'primary',
        ...confirm({ text: mrkdwn(letters(300)) }),
      }),
    ),
    table(100, 20),
  ];

  it('may be as full as this', () => {
    expect(flawsOfBlocks(full, 'message')).toEqual([]);
    expect(flawsOfBlocks(interactive, 'message')).toEqual([]);
    expect(flawsOfBlocks([pie(6), line(6)], 'message')).toEqual([]);
  });

  it.each([
    ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' })), '/blocks'],
    ['a long section', [section(letters(3001))], '/blocks/0/text/text'],
    ['an empty text', [section('')], '/blocks/0/text/text'],
    ['a section of nothing', [{ type: 'section' }], '/blocks/0'],
    ['11 fields', [{ type: 'section', fields: Array(11).fill(mrkdwn('x')) }], '/blocks/0/fields'],
    [
      'a long field',
      [{ type: 'section', fields: [mrkdwn(letters(2001))] }],
      '/blocks/0/fields/0/text',
    ],
    ['a long header', [{ type: 'header', text: plain(letters(151)) }], '/blocks/0/text/text'],
    ['mrkdwn in a header', [{ type: 'header', text: mrkdwn('x') }], '/blocks/0/text/type'],
    [
      '11 context elements',
      [{ type: 'context', elements: Array(11).fill(mrkdwn('x')) }],
      '/blocks/0/elements',
    ],
    ['26 buttons', [actions(...Array(26).fill(button()))], '/blocks/0/elements'],
    [
      'a long button',
      [actions(button({ text: plain(letters(76)) }))],
      '/blocks/0/elements/0/text/text',
    ],
    ['a long value', [actions(button({ value: letters(2001) }))], '/blocks/0/elements/0/value'],
    ['a long url', [actions(button({ url: letters(3001) }))], '/blocks/0/elements/0/url'],
    ['a strange style', [actions(button({ style: 'warning' }))], '/blocks/0/elements/0/style'],
    [
      'a long action_id',
      [actions(button({ action_id: letters(256) }))],
      '/blocks/0/elements/0/action_id',
    ],
    [
      'two equal action_ids',
      [actions(button({ action_id: 'a' }), button({ action_id: 'a' }))],
      '/blocks/0/elements/1/action_id',
    ],
    [
      'two primary buttons',
      [actions(button({ style: 'primary' }), button({ style: 'primary' }))],
      '/blocks/0',
    ],
    [
      'a long confirm title',
      [actions(button(confirm({ title: plain(letters(101)) })))],
      '/blocks/0/elements/0/confirm/title/text',
    ],
    [
      'a long confirm text',
      [actions(button(confirm({ text: plain(letters(301)) })))],
      '/blocks/0/elements/0/confirm/text/text',
    ],
    [
      'a long deny',
      [actions(button(confirm({ deny: plain(letters(31)) })))],
      '/blocks/0/elements/0/confirm/deny/text',
    ],
    [
      'a page that is no web address',
      [actions(button({ url: 'javascript:alert(1)' }))],
      '/blocks/0/elements/0/url',
    ],
    [
      'a long page',
      [actions(button({ url: `https://wiki.example/${letters(3000)}` }))],
      '/blocks/0/elements/0/url',
    ],
    ['six overflow options', [actions(overflow(6))], '/blocks/0/elements/0/options'],
    [
      'a long option',
      [actions({ type: 'static_select', options: [option({ text: plain(letters(76)) })] })],
      '/blocks/0/elements/0/options/0/text/text',
    ],
    [
      '101 options',
      [actions({ type: 'static_select', options: Array(101).fill(option()) })],
      '/blocks/0/elements/0/options',
    ],
    ['a long block_id', [{ ...section('x'), block_id: letters(256) }], '/blocks/0/block_id'],
    [
      'two equal block_ids',
      [
        { ...section('x'), block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
      '/blocks/1/block_id',
    ],
    ['101 rows', [table(101, 1)], '/blocks/0/rows'],
    ['21 cells', [table(1, 21)], '/blocks/0/rows/0'],
    ['two tables', [table(1, 1), table(1, 1)], '/blocks/1'],
    [
      'an empty cell',
      [{ type: 'table', rows: [[{ type: 'raw_text', text: '' }]] }],
      '/blocks/0/rows/0/0/text',
    ],
    ['an alert', [alert], '/blocks/0/type'],
    ['three charts', [pie(1), pie(1), pie(1)], '/blocks/2'],
    ['seven segments', [pie(7)], '/blocks/0/chart/segments'],
    ['a segment of nothing', [pie(1, 0)], '/blocks/0/chart/segments/0/value'],
    ['seven series', [line(7)], '/blocks/0/chart/series'],
    ['two series of one name', [line(2, ['a', 'a'])], '/blocks/0/chart/series'],
    ['a series that lacks a category', [line(1, ['a'], ['Mon'])], '/blocks/0/chart/series/0/data'],
    ['a long name of a series', [line(1, [letters(21)])], '/blocks/0/chart/series/0/name'],
    ['a long title of a chart', [{ ...pie(1), title: letters(51) }], '/blocks/0/title'],
    ['a chart of no known kind', [{ ...pie(1), chart: { type: 'donut' } }], '/blocks/0/chart/type'],
    ['an unknown block', [{ type: 'banner' }], '/blocks/0/type'],
    ['an unknown field', [{ ...section('x'), colour: 'red' }], '/blocks/0'],
    [
      'an unknown rich text',
      [rich({ type: 'shout', text: 'x' })],
      '/blocks/0/elements/0/elements/0/type',
    ],
    [
      'a stray text in rich text',
      [{ type: 'rich_text', elements: [{ type: 'text', text: 'x' }] }],
      '/blocks/0/elements/0/type',
    ],
    ['too much in all', Array.from({ length: 5 }, () => section(letters(2900))), '/blocks'],
  ])('may not hold %s', (_, blocks, pointer) => {
    expect(flawsOfBlocks(blocks, 'message').map((flaw) => flaw.pointer)).toContain(pointer);
  });
});

describe('a view', () => {
  const view = (more: object) => ({
    type: 'modal',
    title: plain('Flush'),
    submit: plain('Send'),
    blocks: [input, alert],
    ...more,
  });

  it('may be as full as this', () => {
    expect(flawsOfView(view({ private_metadata: letters(3000) }))).toEqual([]);
    expect(flawsOfView({ type: 'home', blocks: [section('x'), table(1, 1)] })).toEqual([]);
  });

  it.each([
    ['a long title', view({ title: plain(letters(25)) }), '/view/title/text'],
    ['a long submit', view({ submit: plain(letters(25)) }), '/view/submit/text'],
    ['a long close', view({ close: plain(letters(25)) }), '/view/close/text'],
    ['much metadata', view({ private_metadata: letters(3001) }), '/view/private_metadata'],
    ['a long callback_id', view({ callback_id: letters(256) }), '/view/callback_id'],
    ['no submit with an input', view({ submit: undefined }), '/view/submit'],
    ['a table', view({ blocks: [table(1, 1)] }), '/view/blocks/0/type'],
    ['a chart', view({ blocks: [pie(1)] }), '/view/blocks/0/type'],
    ['101 blocks', view({ blocks: Array(101).fill({ type: 'divider' }) }), '/view/blocks'],
    ['a title at home', { type: 'home', title: plain('x'), blocks: [] }, '/view'],
  ])('may not hold %s', (_, given, pointer) => {
    expect(flawsOfView(given).map((flaw) => flaw.pointer)).toContain(pointer);
  });
});

describe('mrkdwn', () => {
  it.each([
    ['<!channel>', ['broadcast channel']],
    ['&lt;!channel&gt;', []],
    ['`<!here>`', ['broadcast here']],
    ['<@U0ALICE> in <#C0DATABASES>', ['user U0ALICE', 'channel C0DATABASES']],
    ['<!subteam^S0DBA>', ['group S0DBA']],
    ['<https://a.example|b>', ['link https://a.example']],
    ['<!date^1795165331^{time}|09:02>', []],
    ['see evil.example @here', ['link evil.example', 'broadcast here']],
    ['`nat-7.example.net`', []],
  ])('%s', (text, expected) => {
    expect(actives(text, 'all').map(({ kind, target }) => `${kind} ${target}`)).toEqual(expected);
  });

  it('shows what a person reads', () => {
    expect(
      shownText('*`10.0.0.1` is _blocked_* since <!date^1^{time}|09:02> &lt;b&gt; 2*3*4'),
    ).toBe('10.0.0.1 is blocked since 09:02 <b> 2*3*4');
  });
});
