import { expect, it } from 'vitest';
import { gridLines } from '../../src/chat/grid.ts';

const COLUMNS = [
  { label: 'Host', align: 'left' },
  { label: 'Errors', align: 'right' },
] as const;

it('pads each column to its widest cell', () => {
  expect(
    gridLines(
      COLUMNS,
      [
        ['merp.example.com', '7'],
        ['a', '100'],
      ],
      Infinity,
    ),
  ).toEqual(['Host              Errors', 'merp.example.com       7', 'a                    100']);
});

it('cuts the widest column where the lines would pass the width', () => {
  const lines = gridLines(COLUMNS, [['merp.example.com', '7']], 18);
  expect(lines).toEqual(['Host        Errors', 'merp.exam…       7']);
});

it('leaves no column too narrow to be read', () => {
  expect(gridLines(COLUMNS, [['merp.example.com', '7']], 1)).toEqual([
    'Host    Errors',
    'merp.…       7',
  ]);
});
