import { describe, expect, it } from 'vitest';
import { csv } from '../../src/chat/csv.ts';
import { tableBlocks } from '../../src/chat/listing.ts';
import { count, firstOf, listed, times, utc } from '../../src/chat/lists.ts';
import type { Block } from '../../src/chat/message.ts';

describe('words for lists and numbers', () => {
  it.each([
    { name: 'no item', is: listed([], 3), says: '' },
    { name: 'one item', is: listed(['a'], 3), says: 'a' },
    { name: 'as many as have room', is: listed(['a', 'b', 'c'], 3), says: 'a, b, c' },
    { name: 'one too many', is: listed(['a', 'b', 'c', 'd'], 3), says: 'a, b, c and 1 more' },
    { name: 'lines that fit', is: firstOf(['a', 'b'], 2).join(), says: 'a,b' },
    { name: 'too many lines', is: firstOf(['a', 'b', 'c'], 1).join(), says: 'a,+ 2 more' },
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
    { name: 'no time', is: utc(new Date(Number.NaN)), says: 'an unknown time' },
  ])('$name', ({ is, says }) => {
    expect(is).toBe(says);
  });
});

describe('a table', () => {
  const rows = [
    ['a', '1', 'x'],
    ['b', '2', 'y'],
    ['c', '3', 'z'],
  ];
  const columns = ['Name', { label: 'Count', align: 'right' }, 'Note'] as const;
  const last = ([block]: readonly Block[]) => (block?.kind === 'table' ? block.rows.at(-1) : null);
  it.each([
    {
      name: 'shows all of few',
      is: tableBlocks({ columns, rows, limit: 3 }),
      says: ['c', '3', 'z'],
    },
    {
      name: 'counts the others',
      is: tableBlocks({ columns, rows, limit: 1 }),
      says: ['+ 2 more', '', ''],
    },
    {
      name: 'says where the others are',
      is: tableBlocks({ columns, rows, limit: 2, note: 'in the thread' }),
      says: ['+ 1 more', '', 'in the thread'],
    },
    {
      name: 'counts those that were not read',
      is: tableBlocks({ columns, rows, limit: 3, total: 9 }),
      says: ['+ 6 more', '', ''],
    },
  ])('$name', ({ is, says }) => {
    expect(last(is)).toEqual(says);
  });

  it('has its columns in order', () => {
    const [block] = tableBlocks({ columns, rows, limit: 3 });
    expect(block).toHaveProperty('columns', [
      { label: 'Name', align: 'left' },
      { label: 'Count', align: 'right' },
      { label: 'Note', align: 'left' },
    ]);
  });

  it('is left out where there are no rows', () => {
    expect(tableBlocks({ columns, rows: [], limit: 3 })).toEqual([]);
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
