import { expect, it } from 'vitest';
import { asTyped } from '../../../src/adapters/slack/pasted.ts';

it.each([
  { name: 'a plain line', pasted: 'why 192.0.2.7 on main', typed: 'why 192.0.2.7 on main' },
  { name: 'entities', pasted: 'a &lt;b&gt; &amp; c', typed: 'a <b> & c' },
  { name: 'entities of entities', pasted: '&amp;lt;', typed: '&lt;' },
  {
    name: 'a host that became a link',
    pasted: "Host '<http://merp.example.com|merp.example.com>' is not allowed",
    typed: "Host 'merp.example.com' is not allowed",
  },
  {
    name: 'an account that became mail',
    pasted: '<mailto:app@db.example|app@db.example>',
    typed: 'app@db.example',
  },
  { name: 'digits that became a telephone', pasted: '<tel:192027|192.0.2.7>', typed: '192.0.2.7' },
  {
    name: 'a link without a label',
    pasted: '<https://example.com/x>',
    typed: 'https://example.com/x',
  },
  { name: 'inline code', pasted: 'why `192.0.2.7`', typed: 'why 192.0.2.7' },
  { name: 'backticks in a name', pasted: "'a`b`c'@'h'", typed: "'a`b`c'@'h'" },
  { name: 'backticks around a name', pasted: "'`app`'@'h'", typed: "'`app`'@'h'" },
  { name: 'such a name as code', pasted: 'why x user `a b`.', typed: 'why x user a b.' },
  { name: 'a code block', pasted: '```ERROR 1130\nHost```', typed: 'ERROR 1130\nHost' },
  { name: 'what is no link', pasted: "'a'@'<b>'", typed: "'a'@'<b>'" },
])('$name', ({ pasted, typed }) => {
  expect(asTyped(pasted)).toBe(typed);
});
