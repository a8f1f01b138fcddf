import { describe, expect, it } from 'vitest';
import { editDistance, nearest, nearestName, splitWords } from '../../src/chat/words.ts';

describe('splitWords', () => {
  it.each([
    { name: 'nothing', line: '  ', words: [] },
    {
      name: 'blanks of any kind',
      line: ' why\t1.2.3.4\u00a0as\napp ',
      words: ['why', '1.2.3.4', 'as', 'app'],
    },
    {
      name: 'double quotes',
      line: 'flush on main "new NAT"',
      words: ['flush', 'on', 'main', 'new NAT'],
    },
    { name: 'single quotes', line: "as 'the app'", words: ['as', 'the app'] },
    { name: 'an empty value', line: "as ''", words: ['as', ''] },
    { name: 'a quote that never ends', line: "it's 'so", words: ["it's", "'so"] },
    { name: 'quotes inside a word', line: "'a'@'b c'", words: ["'a'@'b", "c'"] },
    { name: 'the other quote inside', line: `"it's" x`, words: ["it's", 'x'] },
  ])('$name', ({ line, words }) => {
    expect(splitWords(line)).toEqual(words);
  });
});

describe('nearest', () => {
  const names = ['why', 'explain', 'help', 'start'];
  it.each([
    { word: 'wyh', near: 'why' },
    { word: 'WHY', near: 'why' },
    { word: 'wy', near: 'why' },
    { word: 'hlep', near: 'help' },
    { word: 'explian', near: 'explain' },
    { word: 'exlpian', near: 'explain' },
    { word: 'merp', near: null },
    { word: 'Host', near: null },
    { word: '', near: null },
  ])('$word is near $near', ({ word, near }) => {
    expect(nearest(word, names)).toBe(near);
  });

  it('counts a swap as one step', () => {
    expect(editDistance('wyh', 'why')).toBe(1);
    expect(editDistance('', 'why')).toBe(3);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });
});

describe('nearestName', () => {
  it.each([
    { word: 'mian', names: ['main', 'replica'], near: 'main' },
    { word: 'db1', names: ['db2'], near: null },
    { word: 'A', names: ['a', 'b'], near: 'a' },
    { word: 'Main', names: ['man', 'main'], near: 'main' },
    { word: 'c', names: ['a', 'b'], near: null },
  ])('$word among $names is near $near', ({ word, names, near }) => {
    expect(nearestName(word, names)).toBe(near);
  });
});
