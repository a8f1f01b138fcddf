import { describe, expect, it } from 'vitest';
import { csv } from '../../src/chat/csv.ts';
import { count, firstRows, listed, times, utc } from '../../src/chat/lists.ts';

describe('words for lists and numbers', () => {
  it.each([
    { name: 'no item', is: listed([], 3), says: '' },
    { name: 'one item', is: listed(['a'], 3), says: 'a' },
    { name: 'as many as have room', is: listed(['a', 'b', 'c'], 3), says: 'a, b, c' },
    { name: 'one too many', is: listed(['a', 'b', 'c', 'd'], 3), says: 'a, b, c and 1 more' },
    { name: 'none of a thing', is: count(0, 'host'), says: '0 hosts' },
    { name: 'one of a thing', is: count(1, 'host'), says: '1 host' },
    { name: 'many of a thing', is: count(2, 'host'), says: '2 hosts' },
    { name: 'a plural of its own', is: count(2, 'entry', 'entries'), says: '2 entries' },
    { name: 'never', is: times(0), says: '0 times' },
    { name: 'once', is: times(1), says: 'once' },
    { name: 'often', is: times(3), says: '3 times' },
    {
      name: 'a time',
      is: utc(new Date('2026-11-21T04:00:12.900Z')),
      says: '2026-11-21 04:00:12 UTC',
    },
  ])('$name', ({ is, says }) => {
    expect(is).toBe(says);
  });
});

describe('the first rows of a table', () => {
  const rows = [
    ['a', '1', 'x'],
    ['b', '2', 'y'],
    ['c', '3', 'z'],
  ];
  it.each([
    { name: 'all of few', is: firstRows(rows, 3), last: ['c', '3', 'z'] },
    { name: 'the others as a number', is: firstRows(rows, 1), last: ['+ 2 more', '', ''] },
    {
      name: 'the others with a note',
      is: firstRows(rows, 2, { note: 'in the thread' }),
      last: ['+ 1 more', '', 'in the thread'],
    },
    {
      name: 'of more than were read',
      is: firstRows(rows, 3, { total: 9 }),
      last: ['+ 6 more', '', ''],
    },
    { name: 'of one column', is: firstRows([['a'], ['b']], 1), last: ['+ 1 more'] },
  ])('$name', ({ is, last }) => {
    expect(is.at(-1)).toEqual(last);
  });
});

describe('CSV', () => {
  it.each([
    { name: 'a word', value: 'a', says: 'a' },
    { name: 'a number', value: 3n, says: '3' },
    { name: 'nothing', value: null, says: '' },
    { name: 'not given', value: undefined, says: '' },
    { name: 'a time', value: new Date(0), says: '1970-01-01T00:00:00.000Z' },
    { name: 'a comma', value: 'a,b', says: '"a,b"' },
    { name: 'a quote', value: 'a"b', says: '"a""b"' },
    { name: 'a line break', value: 'a\nb', says: '"a\nb"' },
    { name: 'a carriage return', value: 'a\rb', says: '"a\rb"' },
    { name: 'a formula', value: '=1+1', says: "'=1+1" },
    { name: 'a formula behind a tab', value: '\t=1', says: "'\t=1" },
  ])('writes $name', ({ value, says }) => {
    expect(csv([[value, 'end']])).toBe(`${says},end\n`);
  });
});
