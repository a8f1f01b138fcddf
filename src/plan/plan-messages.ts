import { tableBlocks } from '../chat/listing.ts';
import { count, listed, utc } from '../chat/lists.ts';
import {
  type Block,
  type Button,
  bold,
  headed,
  type Message,
  note,
  paragraph,
  time,
} from '../chat/message.ts';
import { joinWords } from '../chat/words.ts';
import { EFFECTS, SAID, sayLogin, worstFirst } from './effect-words.ts';
import { isHarm, type PromisedRow } from './effects.ts';
import { type Counts, countEffects, type Plan } from './plan.ts';
import { sayChange } from './read-change.ts';
import { saidOf, sayAnswer } from './said.ts';
import { sqlOf } from './statement.ts';
import type { Kept } from './stores.ts';
import { clientText } from './world.ts';

/** A plan as a message: who loses first, what to run before, and what is not known. */

/** Logins in the table, `--json` has all: those that something changes for, or a few others. */
function rowsShown(counts: Counts): number {
  const changed = counts.loses + counts['changes-account'] + counts.unknown + counts.gains;
  return Math.min(40, Math.max(10, changed));
}

/** Logins in a sentence. */
const NAMED = 5;

/** How much is shown. */
export interface Shown {
  /** Characters of statements. */
  readonly statements: number;
  /** Where the other statements are. */
  readonly more: string;
  /** How a plan that is not kept can be checked later; absent = not at all. */
  readonly later?: string;
}

/** `kept`: where the plan is stored; null = nowhere, and nobody expects it. */
export function planMessage(plan: Plan, kept: Kept | null, shown: Shown): Message {
  const { server, since, readAt, gaps } = plan;
  const counts = countEffects(plan);
  return headed(headlineOf(plan, counts), [
    ...harmBlocks(plan),
    ...statementBlocks(plan, shown),
    ...chartBlocks(plan, counts),
    ...gaps.map((gap) => note(bold('Not known: '), gap)),
    note(
      `Asked about every login that ${server} has seen since ${utc(since)}. Nothing was changed.`,
    ),
    ...(kept === null ? [] : [note(sayKept(kept))]),
    ...(shown.later === undefined ? [] : [note(shown.later)]),
    note('Read ', time(readAt)),
    { kind: 'buttons', buttons: buttonsOf(plan, kept) },
    ...tableBlocks({
      columns: ['Client', 'Login', 'Effect', 'Now', 'After'],
      rows: worstFirst(plan.rows).map(cellsOf),
      limit: rowsShown(counts),
      note: '--json prints all',
    }),
  ]);
}

/** `skip-name-resolve on, main: 41 of 48 clients keep their account, 5 lose access, 2 change account.` */
function headlineOf({ server, change, rows, memory }: Plan, counts: Counts): string {
  const what = `${sayChange(change)} on ${server}`;
  if (rows.length === 0)
    return `${what}: the server has seen no client, so nobody can be asked about.`;
  const keep = `${counts.keeps} of ${count(rows.length, 'client')} ${counts.keeps === 1 ? 'keeps its' : 'keep their'} account`;
  const others = [
    say(counts.loses, 'loses access', 'lose access'),
    say(counts['changes-account'], 'changes account', 'change account'),
    say(counts.gains, 'gains access', 'gain access'),
    say(counts['stays-out'], 'stays out', 'stay out'),
    say(counts.unknown, 'is not known', 'are not known'),
  ].flatMap((each) => each ?? []);
  const left = memory === 'counted' ? '' : ' Clients that are not connected now may be missing.';
  return `${what}: ${[keep, ...others].join(', ')}.${left}`;
}

function say(number: number, one: string, many: string): string | null {
  return number === 0 ? null : `${number} ${number === 1 ? one : many}`;
}

function harmBlocks({ rows }: Plan): readonly Block[] {
  return EFFECTS.filter((effect) => isHarm(effect) || effect === 'gains').flatMap((effect) => {
    const named = rows.filter((row) => row.effect === effect).map(({ login }) => sayLogin(login));
    if (named.length === 0) return [];
    const what = SAID[effect];
    return [
      paragraph(bold(`${what[0]?.toUpperCase()}${what.slice(1)}: `), `${listed(named, NAMED)}.`),
    ];
  });
}

function* statementBlocks(plan: Plan, shown: Shown): Iterable<Block> {
  const { statements, rows } = plan;
  const unkept = rows.filter((row) => isHarm(row.effect) && !isKept(row));
  if (statements.length > 0) {
    const these =
      statements.length === 1 ? 'this statement' : `these ${statements.length} statements`;
    const who =
      unkept.length === 0 ? 'nobody loses access or changes account' : 'fewer lose access';
    const { text, left } = fittingSql(plan, shown);
    const more = left > 0 ? `\n-- + ${left} more, ${shown.more}` : '';
    yield paragraph(`Run ${these} first, and ${who}:`);
    yield { kind: 'statement', text: `${text}${more}` };
    if (statements.some(({ kind }) => kind === 'create')) {
      yield note(
        '… is the password and what else the old account has: an administrator sees it with SHOW CREATE USER, its privileges with SHOW GRANTS.',
      );
    }
  }
  if (unkept.length > 0) {
    const named = unkept.map(({ login }) => sayLogin(login));
    yield paragraph(bold('No statement keeps '), `${listed(named, NAMED)}.`);
  }
}

/** The statements that fit, and how many do not. */
export function fittingSql(
  { statements, world }: Pick<Plan, 'statements' | 'world'>,
  { statements: room }: Pick<Shown, 'statements'>,
): { readonly text: string; readonly left: number } {
  let text = '';
  for (const [at, each] of statements.entries()) {
    const next = `${text}${at === 0 ? '' : '\n'}${sqlOf(each, world)}`;
    if (next.length > room) return { text, left: statements.length - at };
    text = next;
  }
  return { text, left: 0 };
}

/** Whether the statements keep the login on its account. */
export function isKept({ before, promised }: PromisedRow): boolean {
  return promised.outcome === 'admitted' && before.account?.origin === promised.account?.origin;
}

function chartBlocks({ change, server }: Plan, counts: Counts): readonly Block[] {
  const effects = EFFECTS.filter((effect) => counts[effect] > 0);
  if (effects.length < 2) return [];
  return [
    {
      kind: 'chart',
      title: `${sayChange(change)} on ${server}`,
      labels: effects.map((effect) => SAID[effect]),
      series: [{ name: 'clients', values: effects.map((effect) => counts[effect]) }],
    },
  ];
}

function sayKept(kept: Kept): string {
  return kept.kind === 'kept'
    ? `Kept as ${kept.id} for ${kept.days} days.`
    : `This plan is not kept, so it cannot be checked later: ${kept.why}`;
}

function buttonsOf({ change, server }: Plan, kept: Kept | null): readonly Button[] {
  const line = `plan ${sayChange(change)} on ${joinWords([server])}`;
  const check =
    kept?.kind === 'kept'
      ? [
          {
            label: 'Check after the change',
            line: `plan check ${kept.id}`,
            says: `Compare the plan ${kept.id} with ${server} as it is then`,
          },
        ]
      : [];
  return [
    ...check,
    { label: 'Plan again', line, says: `Plan again on ${server}`, replaces: true },
    { label: 'Post to channel', line: `${line} publicly`, says: 'Post this plan to the channel' },
  ];
}

function cellsOf({ login, effect, before, after }: PromisedRow): readonly string[] {
  return [
    clientText(login.client),
    login.user ?? '(none seen)',
    SAID[effect],
    sayAnswer(saidOf(before)),
    sayAnswer(saidOf(after)),
  ];
}

/** All statements, as a file to edit and run. */
export function planSql({ statements, world, change, server }: Plan): string {
  return [
    `-- Before: ${sayChange(change)} on ${server}`,
    ...statements.map((each) => sqlOf(each, world)),
    '',
  ].join('\n');
}
