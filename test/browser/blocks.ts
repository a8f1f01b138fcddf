/** Blocks of each kind, with tricky texts. */

export const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
export const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });
export const rich = (...elements: object[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});
const TRICKY = '<script>x</script> *b* _i_ `c` :smile: 1. # > &lt;i&gt; \\ | [a](b)';

/** Tricky texts; the page must show the letters that the peer reads. */
export const BLOCKS: readonly { readonly name: string; readonly blocks: readonly object[] }[] = [
  { name: 'a header of markup', blocks: [{ type: 'header', text: plain(TRICKY) }] },
  { name: 'small print of markup', blocks: [{ type: 'context', elements: [plain(TRICKY)] }] },
  {
    name: 'bold, italics, strikes, code in mrkdwn',
    blocks: [
      { type: 'section', text: mrkdwn('*b* _i_ ~s~ `a *b* c` a*b*c 2*3*4 &lt;i&gt; &amp;amp;') },
    ],
  },
  {
    name: 'a listing in mrkdwn',
    blocks: [{ type: 'section', text: mrkdwn('before\n```SELECT *\n  FROM t;```\nafter') }],
  },
  {
    name: 'links in mrkdwn',
    blocks: [
      {
        type: 'section',
        text: mrkdwn('<https://dev.mysql.com/doc/|the manual> <https://dev.mysql.com/>'),
        fields: [mrkdwn('one'), plain('two')],
      },
    ],
  },
  { name: 'rich text of markup', blocks: [rich({ type: 'text', text: TRICKY })] },
  {
    name: 'a list and a quote',
    blocks: [
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_list',
            style: 'bullet',
            elements: ['one', 'two'].map((text) => ({
              type: 'rich_text_section',
              elements: [{ type: 'text', text }],
            })),
          },
          { type: 'rich_text_quote', elements: [{ type: 'text', text: 'said' }] },
          { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'GRANT x;' }] },
        ],
      },
    ],
  },
  {
    name: 'a table of markup',
    blocks: [
      {
        type: 'table',
        rows: [
          [
            { type: 'raw_text', text: 'Account' },
            { type: 'raw_text', text: 'Now' },
          ],
          [{ type: 'raw_text', text: TRICKY }, rich({ type: 'text', text: 'yes' })],
        ],
      },
    ],
  },
];
