import { readAtBlocks, tableBlocks } from '../chat/listing.ts';
import { count, utc } from '../chat/lists.ts';
import { type Block, bold, headed, type Message, note, paragraph } from '../chat/message.ts';
import { joinWords } from '../chat/words.ts';
import { accountName } from '../hostcache/account.ts';
import type { PlannedAnswer } from './answers.ts';
import type { Effect, PromisedRow } from './effects.ts';
import { type Counts, countEffects, type Plan } from './plan.ts';
import { sayChange } from './read-change.ts';
import { sqlOf } from './statement.ts';
import { clientText } from './world.ts';

/** A plan as a message: who loses first, what to run before, and what is not known. */

/** Who is shown first. */
const ORDER: readonly Effect[] = [
  'loses',
  'changes-account',
  'unknown',
  'gains',
  'keeps',
  'stays-out',
];

const SAID: Readonly<Record<Effect, string>> = {
  loses: 'loses access',
  'changes-account': 'changes account',
  unknown: 'not known',
  gains: 'gains access',
  keeps: 'keeps its account',
  'stays-out': 'stays out',
};

/** Logins in the table; `--json` has all. */
const ROWS_SHOWN = 40;
/** Statements in the message; the file has all. */
export const STATEMENTS_SHOWN = 15;

export function planMessage(plan: Plan): Message {
  const { server, change, since, readAt, gaps } = plan;
  const counts = countEffects(plan);
  const line = `plan ${sayChange(change)}`;
  return headed(headlineOf(plan, counts), [
    ...statementBlocks(plan),
    ...chartBlocks(plan, counts),
    ...gaps.map((gap) => note(bold('Not known: '), gap)),
    note(
      `Asked about every login that ${server} has seen since ${utc(since)}. Nothing was changed.`,
    ),
    ...tableBlocks({
      columns: ['Client', 'Login', 'Effect', 'Now', 'After'],
      rows: worstFirst(plan.rows).map(cellsOf),
      limit: ROWS_SHOWN,
      note: '--json prints all',
    }),
    ...readAtBlocks(readAt, `${line} on ${joinWords([server])}`, `Plan again on ${server}`),
  ]);
}

/** `skip-name-resolve on, main: 41 of 48 clients keep their account, 5 lose access, 2 change account.` */
function headlineOf({ server, change, rows }: Plan, counts: Counts): string {
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
  return `${what}: ${[keep, ...others].join(', ')}.`;
}

function say(number: number, one: string, many: string): string | null {
  return number === 0 ? null : `${number} ${number === 1 ? one : many}`;
}

function statementBlocks(plan: Plan): readonly Block[] {
  const { statements, rows, world } = plan;
  const harmed = rows.filter(({ effect }) => effect === 'loses' || effect === 'changes-account');
  const unkept = harmed.filter((row) => !isKept(row));
  const shown = statements.slice(0, STATEMENTS_SHOWN).map((each) => sqlOf(each, world));
  const more = statements.length - shown.length;
  const blocks: Block[] = [];
  if (statements.length > 0) {
    const who =
      unkept.length === 0 ? 'nobody loses access or changes account' : 'fewer lose access';
    blocks.push(
      paragraph(
        `Run ${count(statements.length, 'this statement', `these ${statements.length} statements`).replace(/^\d+ /, '')} first, and ${who}:`,
      ),
      {
        kind: 'statement',
        text: [...shown, ...(more > 0 ? [`-- + ${more} more`] : [])].join('\n'),
      },
    );
    if (statements.some(({ kind }) => kind === 'create')) {
      blocks.push(
        note(
          '… is the password and what else the old account has: an administrator sees it with SHOW CREATE USER, its privileges with SHOW GRANTS.',
        ),
      );
    }
  }
  if (unkept.length > 0) {
    blocks.push(
      paragraph(
        bold('No statement keeps '),
        unkept
          .slice(0, 5)
          .map(({ login }) => `${login.user ?? 'the client'} at ${clientText(login.client)}`)
          .join(', '),
        unkept.length > 5 ? ` and ${unkept.length - 5} more.` : '.',
      ),
    );
  }
  return blocks;
}

/** Whether the statements keep the login on its account. */
export function isKept({ before, promised }: PromisedRow): boolean {
  return promised.outcome === 'admitted' && before.account?.origin === promised.account?.origin;
}

function chartBlocks({ change, server }: Plan, counts: Counts): readonly Block[] {
  const effects = ORDER.filter((effect) => counts[effect] > 0);
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

function worstFirst(rows: readonly PromisedRow[]): readonly PromisedRow[] {
  return [...rows].sort((a, b) => ORDER.indexOf(a.effect) - ORDER.indexOf(b.effect));
}

function cellsOf({ login, effect, before, after }: PromisedRow): readonly string[] {
  return [
    clientText(login.client),
    login.user ?? '(none seen)',
    SAID[effect],
    sayAnswer(before),
    sayAnswer(after),
  ];
}

/** `'shop'@'10.0.0.7'`, `refused (1130)`, `blocked (1129)`. */
export function sayAnswer({ outcome, error, account, ties }: PlannedAnswer): string {
  if (outcome === 'admitted') {
    if (account === null) return 'may try';
    const name = accountName(account.account);
    return ties.length === 0
      ? name
      : `${name}, or ${ties.map((each) => accountName(each.account)).join(', ')}`;
  }
  return outcome === 'unknown' ? 'not known' : `${outcome} (${error})`;
}

/** All statements, as a file to edit and run. */
export function planSql({ statements, world, change, server }: Plan): string {
  return [
    `-- Before: ${sayChange(change)} on ${server}`,
    ...statements.map((each) => sqlOf(each, world)),
    '',
  ].join('\n');
}
