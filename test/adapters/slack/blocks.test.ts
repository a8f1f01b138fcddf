import { describe, expect, it } from 'vitest';
import { joined, slackMessage } from '../../../src/adapters/slack/blocks.ts';
import {
  type Block,
  type Button,
  bold,
  code,
  type Message,
  SIGNS,
  type Sign,
  type Span,
  text,
  time,
  user,
} from '../../../src/chat/message.ts';
import { fc } from '../../chance.ts';
import { drawnText, flawsOf, pingsOf } from './drawn.ts';

const HOSTILE = 'x`<!channel>*pwn* &lt; _i_ ~s~\u202Egpj.exe\n<https://evil.example|click> @here';

function buttonOf(line: string, change: Partial<Button> = {}): Button {
  return { label: 'Check again', line, says: 'Ask again', ...change };
}

/** Everything that a message can hold, made of the given text. */
function messageOf(words: string): Message {
  return {
    headline: words,
    blocks: [
      { kind: 'heading', text: words },
      { kind: 'text', spans: text(words, code(words), bold(words), user(words), time(new Date())) },
      {
        kind: 'note',
        spans: text(words, code(words), user('U0ALICE'), time(new Date(Number.NaN))),
      },
      { kind: 'statement', text: words },
      { kind: 'buttons', buttons: [buttonOf(words, { label: words, says: words })] },
      {
        kind: 'chart',
        title: words,
        labels: [words, `${words}2`],
        series: [{ name: words, values: [1, null] }],
      },
      { kind: 'table', columns: [{ label: words, align: 'right' }], rows: [[words], []] },
    ],
  };
}

describe('foreign text', () => {
  it('pings nobody, links nowhere and stays readable', () => {
    const message = messageOf(HOSTILE);
    const pings = pingsOf(message).filter(
      (ping) => !JSON.stringify(ping).includes('"isAuto":true'),
    );
    expect(pings).toEqual([{ kind: 'user', target: 'U0ALICE', isAuto: false }]);
    expect(drawnText(message)).toContain('<!channel>*pwn*');
    expect(drawnText(message)).not.toContain('\u202E');
    expect(flawsOf(message)).toEqual([]);
  });

  it.each(['U0ALICE and more', 'S0DBA|dba', 'U0ALICE>'])(
    '%j is not an id, and pings nobody',
    (id) => {
      const message: Message = {
        headline: 'h',
        blocks: [
          { kind: 'text', spans: text('by ', user(id)) },
          { kind: 'note', spans: text('by ', user(id)) },
        ],
      };
      expect(pingsOf(message)).toEqual([]);
      expect(drawnText(message)).toContain(`by ${id}`);
      expect(flawsOf(message)).toEqual([]);
    },
  );

  it('stays within every limit and without markup, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (words) => {
        const message = messageOf(`${words}<!here>`);
        expect(flawsOf(message)).toEqual([]);
        expect(
          pingsOf(message).filter((ping) => JSON.stringify(ping).includes('broadcast')),
        ).toEqual([]);
      }),
    );
  });

  it.each([1, 150, 151, 3001, 20_000])('of %d characters is cut, not refused', (length) => {
    expect(flawsOf(messageOf('w'.repeat(length)))).toEqual([]);
    expect(flawsOf(messageOf('😀'.repeat(length)))).toEqual([]);
  });

  it('is never cut inside a character', () => {
    for (const words of ['😀'.repeat(20_000), `w${'😀'.repeat(20_000)}`]) {
      // JSON escapes half a character, and only that.
      expect(JSON.stringify(slackMessage(messageOf(words)))).not.toContain('\\ud83d');
    }
  });

  it.each([
    { name: 'nothing', words: '' },
    { name: 'a blank', words: ' ' },
    { name: 'controls', words: '\u0000\u001b' },
  ])('of $name makes no empty part', ({ words }) => {
    expect(flawsOf(messageOf(words))).toEqual([]);
  });
});

describe('a heading', () => {
  it.each(Object.entries(SIGNS))('with the sign of %s shows it, in the text too', (sign, shown) => {
    const heading = { kind: 'heading', text: 'State: 2001:100::7', sign: sign as Sign } as const;
    const { text: told, blocks } = slackMessage({ headline: 'State: it.', blocks: [heading] });
    expect(told).toBe(`${shown} State: it.`);
    expect(blocks).toEqual([
      {
        type: 'header',
        text: { type: 'plain_text', text: `${shown} State: 2001:100::7`, emoji: false },
      },
    ]);
  });

  it('over 150 characters keeps its end, as bold text', () => {
    const words = `${'long '.repeat(40)}end.`;
    const [block] = slackMessage({
      headline: '',
      blocks: [{ kind: 'heading', text: words }],
    }).blocks;
    expect(block?.type).toBe('rich_text');
    expect(JSON.stringify(block)).toContain('end.');
  });
});

describe('a button', () => {
  function drawn(buttons: readonly Button[]) {
    return slackMessage({ headline: 'h', blocks: [{ kind: 'buttons', buttons }] }).blocks;
  }

  it('holds its line as its value, under an id of its own', () => {
    const blocks = drawn([
      buttonOf('why 192.0.2.7 on main', { replaces: true }),
      buttonOf('flush on main', {
        style: 'danger',
        confirm: { title: 'Sure?', text: 'All go.', yes: 'Flush', no: 'Go back' },
      }),
    ]);
    expect(blocks).toMatchObject([
      {
        type: 'actions',
        elements: [
          { action_id: 'replace.1', value: 'why 192.0.2.7 on main' },
          { action_id: 'run.2', value: 'flush on main', style: 'danger', confirm: { deny: {} } },
        ],
      },
    ]);
  });

  it('is left out rather than cut: half a line is another wish', () => {
    expect(drawn([buttonOf('x'.repeat(2001))])).toEqual([]);
  });

  it('is primary once in a message', () => {
    const primary = buttonOf('why 192.0.2.7', { style: 'primary' });
    const styles = JSON.stringify(drawn([primary, primary])).match(/"style"/g);
    expect(styles).toHaveLength(1);
  });

  it('survives however long the rest is', () => {
    const spans: Span[] = [...text('w'.repeat(3000))];
    const long = Array.from({ length: 70 }, (): Block => ({ kind: 'text', spans }));
    const message: Message = {
      headline: 'h',
      blocks: [...long, { kind: 'buttons', buttons: [buttonOf('why 192.0.2.7')] }],
    };
    expect(flawsOf(message)).toEqual([]);
    expect(drawnText(message)).toContain('[Check again]');
    expect(drawnText(message)).toMatch(/… \+ \d+ more/);
  });
});

it('70 short blocks, buttons and a table are one message that Slack accepts', () => {
  const short = Array.from({ length: 70 }, (): Block => ({ kind: 'text', spans: text('short') }));
  const message: Message = {
    headline: 'h',
    blocks: [
      ...short,
      { kind: 'buttons', buttons: [buttonOf('why 192.0.2.7')] },
      { kind: 'table', columns: [{ label: 'Host', align: 'left' }], rows: [['192.0.2.7']] },
    ],
  };
  expect(flawsOf(message)).toEqual([]);
  expect(drawnText(message)).toMatch(/\[Check again\]\n… \+ 23 more\n/);
});

describe('a table', () => {
  const columns = [
    { label: 'Host', align: 'left' },
    { label: 'Errors', align: 'right' },
  ] as const;

  function withRows(count: number, cell = 'merp.example.com'): Message {
    const rows = Array.from({ length: count }, (_, index) => [`${cell}${index}`, String(index)]);
    return {
      headline: 'h',
      blocks: [
        { kind: 'table', columns, rows },
        { kind: 'text', spans: text('after') },
      ],
    };
  }

  it('stands last, where Slack draws it', () => {
    expect(slackMessage(withRows(2)).blocks.map(({ type }) => type)).toEqual([
      'rich_text',
      'table',
    ]);
  });

  it.each([
    { name: '99 rows fit', count: 99, more: null },
    { name: '100 rows do not', count: 100, more: '… + 2 more' },
    { name: '1000 rows', count: 1000, more: '… + 902 more' },
  ])('$name', ({ count, more }) => {
    const message = withRows(count, 'h');
    expect(flawsOf(message)).toEqual([]);
    if (more === null) expect(drawnText(message)).not.toContain('more');
    else expect(drawnText(message)).toContain(more);
  });

  it('ends where the message is full', () => {
    const message = withRows(99, 'w'.repeat(290));
    expect(flawsOf(message)).toEqual([]);
    expect(JSON.stringify(slackMessage(message).blocks).length).toBeLessThanOrEqual(12_000);
    expect(drawnText(message)).toMatch(/… \+ \d+ more/);
  });

  it('of all but the last of joined messages becomes text', () => {
    const message = joined([withRows(2), withRows(3)]);
    expect(slackMessage(message).blocks.filter(({ type }) => type === 'table')).toHaveLength(1);
    expect(flawsOf(message)).toEqual([]);
    expect(message.headline).toBe('h h');
  });

  it('that became text has no line but its rows', () => {
    const [block] = joined([withRows(1, 'a\nforged 7'), withRows(1)]).blocks;
    expect(block?.kind === 'statement' && block.text.split('\n')).toHaveLength(2);
  });
});
