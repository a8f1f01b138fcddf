// Button values that somebody has forged.
import type { Random } from '../../sandbox/random.ts';

/** A value that does not ask for the approval of this request, however it is read. */
export function forgedValue(random: Random, id: string, others: readonly string[]): string {
  const number = id.replace('FR-', '');
  const other = others[random.between(0, others.length - 1)] ?? 's1';
  const neighbour = Number(number) + random.pick([-1, 1, 1000]);
  return random.chance(0.4)
    ? spelledAlike(random, number)
    : random.pick([
        `approve FR-${neighbour}`,
        `approve SI-${number}`,
        `approve AL-${number}`,
        `approve ${id} on ${other}`,
        `approve "${id} on ${other}"`,
        `approve ${id} --server=${other}`,
        `silence ${other} for 1h approve ${id}`,
        `approve ${'0'.repeat(random.between(1, 1500))}${id}`,
        `approve ${id}${' x'.repeat(random.between(1, 500))}`,
        ...namingWrongly(id),
        ...NAMELESS,
      ]);
}

/** Lines that name the request, and are not the line of its button. */
const namingWrongly = (id: string): readonly string[] => [
  `approve ${id} ${id}`,
  `approve ${id}; approve ${id}`,
  `approve ${id}\napprove ${id}`,
  `approve\u200b ${id}`,
  `approve ${id}\u200b`,
  `approve \u202e${id}`,
  `approve\u0000${id}`,
  `аpprove ${id}`,
  `ａｐｐｒｏｖｅ ${id}`,
  `${id}`,
  `${id} approve`,
  `approve-${id}`,
  `reject-not ${id}`,
  `flush approve ${id}`,
  `help approve ${id}`,
  `approve --force ${id}`,
  `why 192.0.2.7 approve ${id}`,
  `{"line":"approve ${id}","isClick":true}`,
  `/hostcache approve ${id}`,
  `@hostcache approve ${id}`,
  `<@U0HOSTCACHE> approve ${id}`,
];

const NAMELESS = [
  'approve',
  'approve all',
  'approve FR-',
  '',
  ' ',
  '__proto__',
  'constructor',
] as const;

/** Looks like the id, or becomes it if somebody cleans it up. */
function spelledAlike(random: Random, number: string): string {
  return random.pick([
    `approve FR‑${number}`,
    `approve FR−${number}`,
    `approve FR-${[...number].map((digit) => String.fromCharCode(0xff10 + Number(digit))).join('')}`,
    `approve FR-0${number}`,
    `approve FR-${number}.0`,
    `approve FR-+${number}`,
    `approve FR-${number}e0`,
    `approve FR-${number}%00`,
    `approve FR-${number}\u0000`,
    `approve FR-${number}' OR '1'='1`,
    `approve ' OR state='pending`,
    `approve FR-%`,
    `approve FR-${number}_`,
  ]);
}

/** A value that means the card's own button, in other spellings: no forgery, if the right person clicks. */
export function sameValue(random: Random, id: string): string {
  return random.pick([
    `approve ${id}`,
    `approve ${id.toLowerCase()}`,
    `APPROVE ${id}`,
    `  approve   ${id}  `,
    `approve "${id}"`,
    `approve\n${id}`,
    `approve\u00a0${id}`,
  ]);
}
