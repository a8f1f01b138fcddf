import { expect, it } from 'vitest';
import { readSaved } from '../../src/pasted/saved.ts';
import { FORMS, type Row } from './printers.ts';

/** Ten times the text takes about ten times the work; what looks at the rest of the text for each line takes a hundred. */

const SMALL = 100_000;
const BIG = 1_000_000;
const LIMIT = 40;

it.each(FORMS)('$name', ({ print }) => {
  const length = print(rowsOf(1000)).length;
  const text = print(rowsOf(Math.ceil((1100 * BIG) / length)));
  expect(text.length).toBeGreaterThan(BIG);
  expectLinear((size) => text.slice(0, size));
});

function rowsOf(count: number): readonly Row[] {
  return Array.from({ length: count }, (_, i) => ({
    IP: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
    HOST: i % 3 === 0 ? null : `app${i}.example.com`,
    HOST_VALIDATED: 'YES',
    SUM_CONNECT_ERRORS: i % 7,
    COUNT_NAMEINFO_PERMANENT_ERRORS: i % 2,
  }));
}

/** Texts that never become a table, or break off at each line. */
const UNFINISHED: readonly string[] = [
  '{"IP":"1",\n',
  '{',
  '{"ip":x}',
  '[\n',
  '"rows":[\n',
  '<row><field name="IP">',
  '<table>',
  '<row></row>',
  'IP,HOST\n',
  'IP,HOST,A\n1,2,\n',
  '"IP","HOST\n',
  'ip;host\n"',
  'IP\tHOST\n',
  '| IP | HOST |\n',
  '| ',
  '+--',
  'HOST_VALIDATED SUM_CONNECT_ERRORS COUNT_SSL_ERRORS\n',
  '*** 1. row ',
  '*** 1. row ***\n',
  'COUNT_',
  'IP: ',
  'IP: 1\n',
  'IP: 192.0.2.7\nHOST_VALIDATED: YES\n',
  '| unauthenticated user | ',
  'unauthenticated user ',
  '&quot;',
  '"',
  '\\',
  ' ',
];

it.each(UNFINISHED)('%j again and again', (part) => {
  const text = part.repeat(Math.ceil(BIG / part.length));
  expectLinear((size) => text.slice(0, size));
});

function expectLinear(textOf: (size: number) => string): void {
  const [small, big] = [textOf(SMALL), textOf(BIG)].map((text) => text.split('\n'));
  // A few milliseconds are mostly the compiler's and the collector's.
  const least = Math.max(leastWork(small ?? [], 3), 5);
  expect(leastWork(big ?? [], 1) / least).toBeLessThan(LIMIT);
}

/** The least processor time of some runs, in milliseconds. */
function leastWork(lines: readonly string[], runs: number): number {
  const times = Array.from({ length: runs }, () => {
    const before = process.cpuUsage();
    readSaved(lines);
    return process.cpuUsage(before).user / 1000;
  });
  return Math.min(...times);
}
