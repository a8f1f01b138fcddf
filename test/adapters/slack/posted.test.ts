import { expect, it } from 'vitest';
import { postedRule, postedText } from '../../../src/adapters/slack/posted.ts';

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const rich = (...elements: readonly object[]) => ({ type: 'rich_text', elements });
const words = (...elements: readonly object[]) => ({ type: 'rich_text_section', elements });
const text = (text: string) => ({ type: 'text', text });

it.each([
  { name: 'its text', message: { text: 'a &lt;b&gt;' }, reads: 'a <b>' },
  {
    name: 'attachments of a monitor',
    message: {
      text: '',
      attachments: [{ pretext: 'DB down', text: "Host '192.0.2.7' is blocked" }, { fallback: 'x' }],
    },
    reads: "DB down\nHost '192.0.2.7' is blocked\nx",
  },
  {
    name: 'the fallback of an attachment with an empty text',
    message: { text: '', attachments: [{ text: '', fallback: 'DB down' }] },
    reads: 'DB down',
  },
  {
    name: 'a last word that nobody meant as an option',
    message: { text: "Host '192.0.2.7' is blocked, do not post it publicly " },
    reads: "Host '192.0.2.7' is blocked, do not post it",
  },
  { name: 'nothing', message: { text: '', attachments: [{ text: null }] }, reads: '' },
  { name: 'nothing, of no known form', message: { text: 7, blocks: 'x', files: [1] }, reads: '' },
  {
    name: 'header, text, fields and small print',
    message: {
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'A &amp; B' } },
        { ...section('one'), fields: [mrkdwn('two'), mrkdwn('three')] },
        { type: 'divider' },
        { type: 'context', elements: [mrkdwn('four'), { type: 'image', alt_text: 'logo' }] },
      ],
    },
    reads: 'A & B\none\ntwo\nthree\nfour',
  },
  {
    name: 'what no button says',
    message: {
      blocks: [
        { ...section('one'), accessory: { type: 'button', text: mrkdwn('Silence') } },
        { type: 'actions', elements: [{ type: 'button', text: mrkdwn('Acknowledge') }] },
      ],
    },
    reads: 'one',
  },
  {
    name: 'blocks of a type that came later, and what they contain',
    message: {
      blocks: [{ type: 'container', title: mrkdwn('one'), child_blocks: [section('two')] }],
    },
    reads: 'one\ntwo',
  },
  {
    name: 'Markdown',
    message: { blocks: [{ type: 'markdown', text: '**192.0.2.7** is `blocked`' }] },
    reads: '192.0.2.7 is blocked',
  },
  {
    name: 'bold, but no row of asterisks',
    message: { text: '*192.0.2.7* _x_ 2 * 3 * 4\n************ 1. row ************' },
    reads: '192.0.2.7 _x_ 2 * 3 * 4\n************ 1. row ************',
  },
  {
    name: 'a table, with tabs between its cells',
    message: {
      blocks: [
        {
          type: 'table',
          rows: [
            [{ type: 'raw_text', text: 'IP' }, rich(words(text('HOST')))],
            [
              { type: 'raw_text', text: '192.0.2.7' },
              { type: 'raw_number', value: 3 },
            ],
          ],
        },
      ],
    },
    reads: 'IP\tHOST\n192.0.2.7\t3',
  },
  {
    name: 'rich text with a list, a quote and code',
    message: {
      blocks: [
        rich(
          words(text('on '), { type: 'link', url: 'http://a.example.com', text: 'a.example.com' }),
          { type: 'rich_text_list', elements: [words(text('one')), words(text('two'))] },
          { type: 'rich_text_quote', elements: [text('three <b> `c`')] },
          { type: 'rich_text_preformatted', elements: [text('four\n  five')] },
        ),
      ],
    },
    reads: 'on a.example.com\none\ntwo\nthree <b> `c`\nfour\n  five',
  },
  {
    name: 'an address that Slack took for an emoji',
    message: {
      text: '2001:100::7',
      blocks: [rich(words(text('2001'), { type: 'emoji', name: '100' }, text(':7')))],
    },
    reads: '2001:100::7',
  },
  {
    name: 'its blocks, not the text that repeats them',
    message: {
      text: '*Host* `192.0.2.7`\n• is  blocked',
      blocks: [section('*Host* `192.0.2.7`'), section('is blocked'), section('since noon')],
    },
    reads: 'Host 192.0.2.7\nis blocked\nsince noon',
  },
  {
    name: 'a text that says more than the blocks',
    message: { text: 'one two three', blocks: [section('one two')] },
    reads: 'one two three',
  },
  {
    name: 'two addresses of which one begins the other',
    message: { text: '192.0.2.7', blocks: [section('192.0.2.70')] },
    reads: '192.0.2.70\n192.0.2.7',
  },
  {
    name: 'no text in Slack’s own words',
    message: {
      text: "This content can't be displayed.",
      attachments: [{ fallback: '[no preview available]', blocks: [section('one')] }],
    },
    reads: 'one',
  },
  {
    name: 'rows that are alike, each of them',
    message: { blocks: [section('Host: NULL\nHost: NULL')] },
    reads: 'Host: NULL\nHost: NULL',
  },
  {
    name: 'fields of an attachment',
    message: {
      attachments: [
        { title: 'T', fields: [{ title: 'error', value: '*down*' }, { value: 'x' }], footer: 'f' },
      ],
    },
    reads: 'T\nerror: down\nx',
  },
  {
    name: 'a shared message, and its file',
    message: {
      text: 'see',
      attachments: [
        {
          text: 'one',
          message_blocks: [{ message: { blocks: [section('one'), section('two')] } }],
          files: [{ title: 'a.log', preview: 'three' }],
        },
      ],
    },
    reads: 'see\none\ntwo\nthree',
  },
  {
    name: 'files: what a snippet and a mail show, and a title in words',
    message: {
      files: [
        { name: 'a.log', title: 'a.log', preview: 'one', preview_highlight: '<div>one</div>' },
        { name: 'm', title: 'Mail of Nagios', preview: 'tw', plain_text: 'two' },
      ],
    },
    reads: 'one\nMail of Nagios\ntwo',
  },
])('a message is read as $name', ({ message, reads }) => {
  expect(postedText(postedRule.parse(message))).toBe(reads);
});

it('a post of monstrous size is read in linear time', () => {
  // A quadratic reading would take minutes, and the test would end by its limit.
  const hostile = ['*', '`', '<http://', '_ ', '* a', ' \n', '<'].map((part) => part.repeat(1e5));
  for (const each of hostile) {
    const message = { text: each, blocks: [section(each)], attachments: [{ fallback: each }] };
    expect(typeof postedText(postedRule.parse(message))).toBe('string');
  }
});
