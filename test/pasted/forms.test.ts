import { describe, expect, it } from 'vitest';
import { readSaved, type Saved } from '../../src/pasted/saved.ts';
import { bordered, FORMS, vertical } from './printers.ts';

/** Saved rows as programs, chats and web pages change them. */

const ROW = { IP: '192.0.2.7', HOST: null, HOST_VALIDATED: 'YES', COUNT_FCRDNS_ERRORS: 1 };
const OTHER_ROW = {
  IP: '2001:db8::7',
  HOST: 'app.example.com',
  HOST_VALIDATED: 'YES',
  COUNT_FCRDNS_ERRORS: 0,
};

const VERTICAL = vertical([ROW, OTHER_ROW]);

describe('two rows', () => {
  it.each([
    {
      name: 'the rows of Python',
      text: `[{'IP': '192.0.2.7', 'HOST': None, 'HOST_VALIDATED': 'YES', 'COUNT_FCRDNS_ERRORS': 1, 'FIRST_SEEN': datetime.datetime(2026, 11, 20, 9, 2)},
        {'IP': '2001:db8::7', 'HOST': 'app.example.com', 'HOST_VALIDATED': 'YES'}]`,
    },
    {
      name: 'the rows of Node',
      text: `[
  RowDataPacket {
    IP: '192.0.2.7',
    HOST: null,
    HOST_VALIDATED: 'YES',
    COUNT_FCRDNS_ERRORS: 1
  },
  RowDataPacket {
    IP: '2001:db8::7',
    HOST: 'app.example.com',
    HOST_VALIDATED: 'YES'
  }
]`,
    },
    {
      name: 'the rows of Ruby',
      text: `[{"IP"=>"192.0.2.7", "HOST"=>nil, "HOST_VALIDATED"=>"YES", "COUNT_FCRDNS_ERRORS"=>1},
 {"IP"=>"2001:db8::7", "HOST"=>"app.example.com", "HOST_VALIDATED"=>"YES"}]`,
    },
    {
      name: 'the rows of PHP',
      text: `    [IP] => 192.0.2.7
    [HOST] =>
    [HOST_VALIDATED] => YES
    [COUNT_FCRDNS_ERRORS] => 1
    [IP] => 2001:db8::7
    [HOST] => app.example.com
    [HOST_VALIDATED] => YES`,
    },
    {
      name: 'YAML',
      text: `- IP: 192.0.2.7
  HOST: ~
  HOST_VALIDATED: "YES"
  COUNT_FCRDNS_ERRORS: 1
- IP: "2001:db8::7"
  HOST: app.example.com
  HOST_VALIDATED: "YES"`,
    },
    {
      name: 'tables on their side',
      text: `| Column | Value |
|---|---|
| IP | 192.0.2.7 |
| HOST | NULL |
| HOST_VALIDATED | YES |
| COUNT_FCRDNS_ERRORS | 1 |
| IP | 2001:db8::7 |
| HOST | app.example.com |
| HOST_VALIDATED | YES |`,
    },
    { name: '\\G without a blank', text: VERTICAL.replace(/: /g, ':') },
    { name: '\\G on one line', text: VERTICAL.replace(/\n/g, ' ') },
    { name: '\\G of a container', text: VERTICAL.replace(/^/gm, 'mysql_1  | ') },
    {
      name: 'Workbench',
      text: `# IP, HOST, HOST_VALIDATED, COUNT_FCRDNS_ERRORS
'192.0.2.7', NULL, 'YES', '1'
'2001:db8::7', 'app.example.com', 'YES', '0'`,
    },
    {
      name: 'a table of Node',
      text: `┌─────────┬───────────────┬───────────────────┬────────────────┬─────────────────────┐
│ (index) │ IP            │ HOST              │ HOST_VALIDATED │ COUNT_FCRDNS_ERRORS │
├─────────┼───────────────┼───────────────────┼────────────────┼─────────────────────┤
│ 0       │ '192.0.2.7'   │ null              │ 'YES'          │ 1                   │
│ 1       │ '2001:db8::7' │ 'app.example.com' │ 'YES'          │ 0                   │
└─────────┴───────────────┴───────────────────┴────────────────┴─────────────────────┘`,
    },
    {
      name: 'rows left out',
      text: bordered([ROW, OTHER_ROW]).replace(/^(\| 2001)/m, '| ... | ... | ... | ... |\n$1'),
    },
  ])('$name', ({ text }) => {
    const { caches, problems } = read(text);
    expect(problems).toEqual([]);
    expect(caches).toMatchObject([
      { address: '192.0.2.7', host: null, validated: true, counters: { COUNT_FCRDNS_ERRORS: 1 } },
      { address: '2001:db8::7', host: 'app.example.com', validated: true },
    ]);
  });
});

describe('what chats and web pages do to a text changes nothing', () => {
  const WRAPPINGS = [
    { name: 'blank lines', wrap: (text: string) => text.replace(/\n/g, '\n\n') },
    { name: 'blanks that do not break', wrap: (text: string) => text.replace(/ /g, '\u00a0') },
    { name: 'curly quotes', wrap: (text: string) => text.replace(/"/g, '\u201d') },
    { name: 'a fence on the first line', wrap: (text: string) => `\`\`\`${text}\`\`\`` },
    { name: 'an indent', wrap: (text: string) => text.replace(/^/gm, '    ') },
    { name: 'blanks at the ends', wrap: (text: string) => text.replace(/$/gm, '  ') },
    {
      name: 'entities',
      wrap: (text: string) =>
        text.replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;'),
    },
    { name: 'words around', wrap: (text: string) => `Hi,\n\n${text}\n\nany idea? it is | so` },
  ];
  it.each(
    WRAPPINGS.flatMap(({ name, wrap }) =>
      FORMS.map(({ name: form, print }) => ({ form, name, text: wrap(print([ROW, OTHER_ROW])) })),
    ),
  )('$form with $name', ({ text }) => {
    expect(read(text)).toMatchObject({
      caches: [{ address: '192.0.2.7', host: null }, { address: '2001:db8::7' }],
      problems: [],
    });
  });
});

function read(text: string): Saved {
  return readSaved(text.split(/\r?\n/));
}
