import { checkAgain, tableBlocks } from '../chat/listing.ts';
import { count, firstOf } from '../chat/lists.ts';
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
import type { ExitCode } from '../chat/reply.ts';
import { joinWords } from '../chat/words.ts';
import type { Check, CheckedPromise } from './check.ts';
import { sayLoginAt } from './effect-words.ts';
import { sayChange } from './read-change.ts';
import { answerJson, sayAnswer } from './said.ts';

/** A checked plan in words, and as rows for scripts: what did not come true is named first. */

/** Logins in the table; `--json` has all. */
const ROWS_SHOWN = 40;

/** Logins in a paragraph. */
const NAMED = 5;

/** `line`: reads the same plan again; null = a terminal does so by itself. */
export function checkMessage(
  check: Check,
  gaps: readonly string[],
  readAt: Date,
  line: string | null,
): Message {
  const { rows, unpromised, server } = check;
  const broken = rows.filter((row) => row.holds === false);
  const unknown = rows.filter((row) => row.holds === null);
  const buttons = [...whyButtons(broken, server), ...againButtons(line, server)];
  return headed(headlineOf(check), [
    ...brokenBlocks(broken),
    ...(broken.length + unknown.length > 0 ? gaps : []).map((gap) =>
      note(bold('Not known: '), gap),
    ),
    ...(check.isMade === null
      ? [note('The server does not show whether this change was made, so only the promises count.')]
      : []),
    ...(unpromised > 0
      ? [
          note(
            `${count(unpromised, 'other login')} had no promise: the plan did not know the answer, or had no room.`,
          ),
        ]
      : []),
    note('Read ', time(readAt)),
    ...(buttons.length === 0 ? [] : [{ kind: 'buttons', buttons } as const]),
    ...tableBlocks({
      columns: ['Client', 'Login', 'Holds', 'Promised', 'Now'],
      rows: [...broken, ...unknown].map(cellsOf),
      limit: ROWS_SHOWN,
      note: '--json prints all',
    }),
  ]);
}

/** `50 of 50 promises hold: skip-name-resolve on was made on main.` */
function headlineOf({ rows, change, server, isMade }: Check): string {
  const what = sayChange(change);
  const held = rows.filter(({ holds }) => holds === true).length;
  const broken = rows.filter(({ holds }) => holds === false).length;
  const unknown = rows.length - held - broken;
  const others = [
    ...(broken > 0 ? [`${broken} ${broken === 1 ? 'does' : 'do'} not`] : []),
    ...(unknown > 0 ? [`${unknown} ${unknown === 1 ? 'is' : 'are'} not known`] : []),
  ];
  const promises = count(rows.length, 'promise');
  const hold = [`${held} of ${promises} ${held === 1 ? 'holds' : 'hold'}`, ...others].join(', ');
  switch (isMade) {
    case true:
      return `${hold}: ${what} was made on ${server}.`;
    case false:
      return `${what} has not been made on ${server}. ${hold}.`;
    case null:
      return `${hold} on ${server} (${what}).`;
  }
}

function brokenBlocks(broken: readonly CheckedPromise[]): readonly Block[] {
  if (broken.length === 0) return [];
  const says = broken.map(
    ({ user, client, promised, now }) =>
      `${sayLoginAt(user, client)}: promised ${sayAnswer(promised)}, now ${sayAnswer(now)}`,
  );
  return [paragraph(bold('Did not come true'), ...firstOf(says, NAMED).map((each) => `\n${each}`))];
}

function whyButtons([first]: readonly CheckedPromise[], server: string): readonly Button[] {
  if (first === undefined || first.client === 'localhost') return [];
  const { client, user } = first;
  const line = joinWords(['why', client, ...(user ? ['as', user] : []), 'on', server]);
  return [{ label: `Why ${client}`, line, says: `Ask why ${client} gets this answer` }];
}

function againButtons(line: string | null, server: string): readonly Button[] {
  if (line === null) return [];
  return [
    checkAgain(line, `Check the plan on ${server} again`),
    { label: 'Post to channel', line: `${line} publicly`, says: 'Post this check to the channel' },
  ];
}

function cellsOf({ client, user, holds, promised, now }: CheckedPromise): readonly string[] {
  return [
    client,
    user ?? '(none seen)',
    holds === null ? 'not known' : 'no',
    sayAnswer(promised),
    sayAnswer(now),
  ];
}

/** One for each promise, then one that sums up. Their fields are public and must not change. */
export function checkRows(
  { server, change, isMade, rows, unpromised }: Check,
  gaps: readonly string[],
): readonly object[] {
  const about = { server, change: sayChange(change) };
  const number = (holds: boolean | null) => rows.filter((row) => row.holds === holds).length;
  return [
    ...rows.map(({ client, user, promised, now, holds }) => ({
      ...{ ...about, client, user },
      ...{ promised: answerJson(promised), now: answerJson(now), holds },
    })),
    {
      ...{ ...about, made: isMade, total: rows.length, holds: number(true) },
      ...{ broken: number(false), unknown: number(null), unpromised, gaps },
    },
  ];
}

export function checkExit({ isMade, rows }: Check): ExitCode {
  if (isMade === false || rows.some(({ holds }) => holds === false)) return 1;
  return rows.some(({ holds }) => holds === null) ? 3 : 0;
}
