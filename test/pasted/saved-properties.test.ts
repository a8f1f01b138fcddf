import { describe, expect, it } from 'vitest';
import { COUNTERS, readSaved } from '../../src/pasted/saved.ts';
import { fc } from '../chance.ts';
import { FORMS, type Row } from './printers.ts';

/** What holds of any rows in any form, and of any text. */

const hex = fc.integer({ min: 1, max: 0xffff }).map((group) => group.toString(16));

const address = fc.oneof(
  fc.ipV4(),
  fc.tuple(hex, hex).map(([a, b]) => `2001:db8:1:2:3:4:${a}:${b}`),
);

const host = fc.option(
  fc
    .array(fc.stringMatching(/^[a-z][a-z0-9-]{0,12}[a-z0-9]$/), { minLength: 1, maxLength: 4 })
    .map((labels) => labels.join('.'))
    .filter((name) => !/^(?:null|none|nil|undefined)$/.test(name)),
);

const time = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2029-01-01'), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 19).replace('T', ' '));

const count = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(1_000_000));

/** All columns, or some of them, in the table's order. */
const rows = fc
  .tuple(
    fc.subarray([...COUNTERS, 'COUNT_NEW_ERRORS'], { minLength: 1 }),
    fc.array(fc.record({ IP: address, HOST: host, VALIDATED: fc.boolean(), seen: time, count }), {
      minLength: 1,
      maxLength: 5,
    }),
    fc.integer(),
  )
  .map(([counters, entries, salt]): readonly Row[] =>
    entries.map(({ IP, HOST, VALIDATED, seen, count: errors }) => ({
      IP,
      HOST,
      HOST_VALIDATED: VALIDATED ? 'YES' : 'NO',
      SUM_CONNECT_ERRORS: errors,
      ...Object.fromEntries(
        counters.map((name, i) => [name, Math.abs((errors * (i + salt)) % 977)]),
      ),
      FIRST_SEEN: seen,
      LAST_ERROR_SEEN: errors > 0 ? seen : null,
    })),
  );

describe('any rows come back equal', () => {
  it.each(FORMS)('$name', ({ print }) => {
    fc.assert(
      fc.property(rows, (printed) => {
        const { caches, problems } = readSaved(print(printed).split(/\r?\n/));
        expect(problems).toEqual([]);
        expect(caches.map(columnsOf)).toEqual(printed.map(columnsOfRow));
      }),
      { numRuns: 40 },
    );
  });
});

function columnsOf({
  address,
  host: name,
  validated,
  connectErrors,
  counters,
}: ReturnType<typeof readSaved>['caches'][number]): object {
  return { address, host: name, validated, connectErrors, counters };
}

function columnsOfRow(row: Row): object {
  const counters = Object.entries(row).filter(([name]) => name.startsWith('COUNT_'));
  return {
    address: row['IP'],
    host: row['HOST'],
    validated: row['HOST_VALIDATED'] === 'YES',
    connectErrors: row['SUM_CONNECT_ERRORS'],
    counters: Object.fromEntries(counters),
  };
}

it('any part of a form is read without a fault, and uses lines that exist', () => {
  const part = fc.tuple(rows, fc.constantFrom(...FORMS), fc.nat(), fc.nat());
  fc.assert(
    fc.property(part, ([printed, { print }, from, to]) => {
      const text = print(printed);
      const lines = text
        .slice(from % text.length)
        .slice(0, to % text.length)
        .split('\n');
      const { used, problems } = readSaved(lines);
      for (const at of used) expect(at).toBeLessThan(lines.length);
      for (const { line } of problems) expect(line).toBeLessThanOrEqual(lines.length);
    }),
    { numRuns: 300 },
  );
});

it('words around a table are not taken for it', () => {
  const words = fc.constantFrom(
    "ERROR 1130 (HY000): Host '192.0.2.7' is not allowed to connect to this MySQL server",
    'We saw this at 12:00, and again later; see below | above.',
    'Time: 12:00',
    '{"message": "Host \'192.0.2.7\' is blocked"}',
    'INFO 2026-11-20 09:02:11 [app] user: jdoe host: db1',
    '',
  );
  fc.assert(
    fc.property(
      words,
      words,
      rows,
      fc.constantFrom(...FORMS),
      (before, after, printed, { print }) => {
        const table = print(printed).split(/\r?\n/);
        const { caches, used } = readSaved([before, '', ...table, '', after]);
        expect(caches).toHaveLength(printed.length);
        expect(used.has(0)).toBe(false);
        expect(used.has(table.length + 3)).toBe(false);
      },
    ),
    { numRuns: 300 },
  );
});

it('random text is read without a fault', () => {
  const letters = fc.constantFrom(
    ...'{}[]":,;|\t\n \\<>/*=-+\'`.'.split(''),
    'IP',
    'HOST',
    '<row>',
    '</row>',
    'COUNT_SSL_ERRORS',
    'unauthenticated user',
    '1. row',
    '7',
  );
  const text = fc.array(letters, { maxLength: 200 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (each) => void readSaved(each.split('\n'))),
    { numRuns: 2000 },
  );
});
