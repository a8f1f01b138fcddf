import { expect, it, onTestFinished, vi } from 'vitest';
import { cutToWidth, widthOf } from '../../src/chat/width.ts';

it.each([
  { name: 'nothing', text: '', width: 0 },
  { name: 'letters', text: 'merp', width: 4 },
  { name: 'accents of their own', text: 'Mu\u0308nchen', width: 7 },
  { name: 'many accents on one letter', text: `a${'\u0301'.repeat(40)}b`, width: 2 },
  { name: 'Japanese', text: '接続ホスト', width: 10 },
  { name: 'Korean of parts', text: '\u1112\u1161\u11ab', width: 2 },
  { name: 'full width', text: 'ＡＢ', width: 4 },
  { name: 'half-width katakana', text: 'ﾎｽﾄ', width: 3 },
  { name: 'an emoji', text: '😀', width: 2 },
  { name: 'a family', text: '👩‍👩‍👧', width: 2 },
  { name: 'a flag', text: '🇩🇪', width: 2 },
  { name: 'a letter made a picture', text: '❤️', width: 2 },
  { name: 'Cyrillic', text: 'хост', width: 4 },
  { name: 'a key', text: '1\uFE0F\u20E3', width: 2 },
  { name: 'nothing that is seen', text: '\u200B\u00AD\u0007', width: 0 },
  { name: 'a row of dots', text: '…–·', width: 3 },
])('$name: $width columns', ({ text, width }) => {
  expect(widthOf(text)).toBe(width);
  expect(cutToWidth(text, width)).toBe(text);
  expect(cutToWidth(`${text}ab`, width + 1)).toBe(`${text}…`);
});

it.each([
  { text: 'merp', width: 4, cut: 'merp' },
  { text: 'merps', width: 4, cut: 'mer…' },
  { text: '接続ホスト', width: 10, cut: '接続ホスト' },
  // Half a letter cannot be shown: one column stays free.
  { text: '接続ホスト', width: 6, cut: '接続…' },
  { text: 'ae\u0301iou', width: 3, cut: 'ae\u0301…' },
])('$text cut to $width columns is $cut', ({ text, width, cut }) => {
  expect(cutToWidth(text, width)).toBe(cut);
  expect(widthOf(cut)).toBeLessThanOrEqual(width);
});

it('only the start of a long text is split', () => {
  const { segment } = Intl.Segmenter.prototype;
  let read = 0;
  const split = vi.spyOn(Intl.Segmenter.prototype, 'segment').mockImplementation(function (
    this: Intl.Segmenter,
    text,
  ) {
    const segments = segment.call(this, text);
    return {
      containing: (at) => segments.containing(at),
      *[Symbol.iterator]() {
        for (const each of segments) {
          read += 1;
          yield each;
        }
        return undefined;
      },
    };
  });
  onTestFinished(() => split.mockRestore());
  expect(cutToWidth('x'.repeat(1000), 5)).toBe('xxxx…');
  expect(read).toBe(5);
});
