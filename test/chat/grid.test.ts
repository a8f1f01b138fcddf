import { expect, it } from 'vitest';
import { fitsWidth, gridLines, recordLines } from '../../src/chat/grid.ts';

const COLUMNS = [
  { label: 'Host', align: 'left' },
  { label: 'Errors', align: 'right' },
] as const;

const ONE_ROW = { columns: COLUMNS, rows: [['merp.example.com', '7']] };

it('pads each column to its widest cell', () => {
  expect(
    gridLines(
      {
        columns: COLUMNS,
        rows: [
          ['merp.example.com', '7'],
          ['a', '100'],
        ],
      },
      Infinity,
    ),
  ).toEqual(['Host              Errors', 'merp.example.com       7', 'a                    100']);
});

it('cuts the widest column where the lines would pass the width', () => {
  const lines = gridLines(ONE_ROW, 18);
  expect(lines).toEqual(['Host        Errors', 'merp.exam…       7']);
});

it('leaves no column too narrow to be read', () => {
  expect(gridLines(ONE_ROW, 1)).toEqual(['Host    Errors', 'merp.…       7']);
});

it('cuts the first column last: it says whose row it is', () => {
  const rows = [['192.0.2.7', 'a very long reason indeed']];
  const columns = [
    { label: 'Host', align: 'left' },
    { label: 'What', align: 'left' },
  ] as const;
  expect(gridLines({ columns, rows }, 20)[1]).toBe('192.0.2.7  a very l…');
  expect(fitsWidth({ columns, rows }, 17)).toBe(true);
  expect(fitsWidth({ columns, rows }, 16)).toBe(false);
});

it('stands under each other, however wide the letters are', () => {
  const rows = [
    ['接続ホスト', '1'],
    ['mu\u0308ll😀', '22'],
  ];
  expect(gridLines({ columns: COLUMNS, rows }, Infinity)).toEqual([
    'Host        Errors',
    '接続ホスト       1',
    'mu\u0308ll😀          22',
  ]);
});

it('rows as records leave out what is empty', () => {
  expect(recordLines({ columns: COLUMNS, rows: [...ONE_ROW.rows, ['+ 3 more']] })).toEqual([
    ['Host: merp.example.com', 'Errors: 7'],
    ['Host: + 3 more'],
  ]);
});
