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
        `approve ${id} on ${other}`,
        `approve ${id} ${id}`,
        `approve ${id}; approve ${id}`,
        `approve "${id} on ${other}"`,
        `approve ${id}\napprove ${id}`,
        `approve\u200b ${id}`,
        `approve ${id}\u200b`,
        `approve \u202e${id}`,
        `аpprove ${id}`,
        `ａｐｐｒｏｖｅ ${id}`,
        'approve',
        'approve all',
        'approve FR-',
        `approve SI-${number}`,
        `approve AL-${number}`,
        `${id}`,
        `${id} approve`,
        `approve-${id}`,
        `flush approve ${id}`,
        `why 192.0.2.7 approve ${id}`,
        `silence ${other} for 1h approve ${id}`,
        `{"line":"approve ${id}","isClick":true}`,
        `approve ${'0'.repeat(random.between(1, 1500))}${id}`,
        `approve ${id}${' x'.repeat(random.between(1, 500))}`,
        `/hostcache approve ${id}`,
        `@hostcache approve ${id}`,
        `<@U0HOSTCACHE> approve ${id}`,
        '',
        ' ',
        '__proto__',
        'constructor',
        `approve\u0000${id}`,
        `approve ${id} --server=${other}`,
        `approve --force ${id}`,
        `help approve ${id}`,
        `reject-not ${id}`,
      ]);
}

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
