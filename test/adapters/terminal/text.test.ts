import { describe, expect, it } from 'vitest';
import { messageText, type Paper } from '../../../src/adapters/terminal/text.ts';
import { bold, code, type Message, text, time, user } from '../../../src/chat/message.ts';

const PIPE: Paper = { width: Infinity, isColoured: false, offers: () => true };

const MESSAGE: Message = {
  headline: 'not shown where there are blocks',
  blocks: [
    { kind: 'heading', text: '192.0.2.7 is blocked' },
    { kind: 'text', spans: text(bold('100'), ' of ', code('100'), ' since ', time(new Date(0))) },
    { kind: 'statement', text: 'FLUSH HOSTS;\nSELECT 1;' },
    { kind: 'note', spans: text('asked by ', user('U0ALICE')) },
    {
      kind: 'buttons',
      buttons: [
        { label: 'Check again', line: 'why 192.0.2.7', says: 'Ask again' },
        { label: 'Post to channel', line: 'why 192.0.2.7 publicly', says: 'Post' },
      ],
    },
    {
      kind: 'table',
      columns: [
        { label: 'Account', align: 'left' },
        { label: 'Count', align: 'right' },
      ],
      rows: [["'app'@'%.example.com'", '7']],
    },
  ],
};

it('a message reads from top to bottom', () => {
  const offers: Paper['offers'] = ({ line }) => !line.endsWith(' publicly');
  expect(messageText(MESSAGE, { ...PIPE, offers })).toBe(
    [
      '192.0.2.7 is blocked',
      '',
      '100 of 100 since 1970-01-01 00:00:00 UTC',
      '    FLUSH HOSTS;',
      '    SELECT 1;',
      'asked by @U0ALICE',
      '',
      '    hostcache why 192.0.2.7   # Check again',
      '',
      'Account                Count',
      "'app'@'%.example.com'      7",
      '',
    ].join('\n'),
  );
});

it('a message without blocks is its headline', () => {
  expect(messageText({ headline: 'Nothing.', blocks: [] }, PIPE)).toBe('Nothing.\n');
});

describe('the width', () => {
  it('wraps words, and makes records of a table that does not fit', () => {
    const lines = messageText(MESSAGE, { ...PIPE, width: 24 }).split('\n');
    expect(lines).toContain('100 of 100 since');
    expect(lines).toContain('1970-01-01 00:00:00 UTC');
    expect(lines.slice(-4)).toEqual(['Account:', "'app'@'%.example.com'", 'Count: 7', '']);
  });

  it('breaks between wide letters as they are seen', () => {
    const message = { headline: '接続 ホスト は 拒否 されました', blocks: [] };
    expect(messageText(message, { ...PIPE, width: 14 })).toBe('接続 ホスト は\n拒否\nされました\n');
  });

  it('keeps words together up to the last column', () => {
    const message = { headline: 'abc def ghi', blocks: [] };
    expect(messageText(message, { ...PIPE, width: 7 })).toBe('abc def\nghi\n');
    expect(messageText(message, { ...PIPE, width: 6 })).toBe('abc\ndef\nghi\n');
  });

  it('never breaks a word or a statement', () => {
    const statement = 'SELECT * FROM performance_schema.host_cache';
    const message: Message = {
      headline: '',
      blocks: [
        { kind: 'text', spans: text('averylongword x') },
        { kind: 'statement', text: statement },
      ],
    };
    expect(messageText(message, { ...PIPE, width: 6 })).toBe(
      `averylongword\nx\n    ${statement}\n`,
    );
  });
});

it('colours are escape codes of their own, and take no room', () => {
  const coloured = messageText(MESSAGE, { ...PIPE, width: 24, isColoured: true });
  expect(coloured).toContain('\u001b[1m100\u001b[22m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what is looked for.
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(messageText(MESSAGE, { ...PIPE, width: 24 }));
});

describe('what comes from outside', () => {
  const HOSTILE = 'x\u001b[2J\u202egpj\u200b\r\n\u009b31m';

  it('steers no terminal, wherever it stands', () => {
    const message: Message = {
      headline: HOSTILE,
      blocks: [
        { kind: 'heading', text: HOSTILE },
        { kind: 'text', spans: text(code(HOSTILE), bold(HOSTILE), user(HOSTILE), HOSTILE) },
        { kind: 'note', spans: text(HOSTILE) },
        { kind: 'statement', text: HOSTILE },
        { kind: 'buttons', buttons: [{ label: HOSTILE, line: HOSTILE, says: HOSTILE }] },
        { kind: 'table', columns: [{ label: 'A', align: 'left' }], rows: [[HOSTILE]] },
      ],
    };
    const shown = messageText(message, PIPE);
    expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(shown).toContain('x\\x1b[2J\\u202egpj\\u200b\\x0d\\x0a\\x9b31m');
  });
});
