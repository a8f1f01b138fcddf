import { count, listed } from '../chat/lists.ts';
import { type Block, bold, paragraph } from '../chat/message.ts';
import type { ClientEffect, FlushState, Forecast } from './request.ts';

/** What a flush does to clients, in words: before it, after it, and if it is not sure that one ran. */

type Words = Readonly<Record<'will' | 'did' | 'would', string>>;

/** The words for a request in this state; `did` only after a flush that was verified. */
export function inTense(state: FlushState, { will, did, would }: Words): string {
  if (state === 'pending' || state === 'approved') return will;
  return state === 'flushed' ? did : would;
}

/** How many clients with one effect are named. A file in the thread has all that are locked out. */
const CLIENTS_SHOWN = 8;
export const LOST_SHOWN = 20;

const LOST: readonly (readonly [ClientEffect['effect'], Words])[] = [
  ['breaks', expecting('The flush', 'locks out', 'lock out')],
  [
    'breaks-without-dns',
    expecting('The flush', 'locks out', 'lock out', ', while DNS does not answer'),
  ],
];

const OTHERS: readonly (readonly [ClientEffect['effect'], Words])[] = [
  ['cures', expecting('It', 'cures', 'cure')],
  ['unblocks', expecting('It', 'unblocks', 'unblock', ', until the errors return')],
  ['changes-account', expecting('It', 'changes', 'change', ' the account of')],
  ['cures-after-fix', expecting('It', 'leaves', 'leave', ' without a name until DNS is fixed')],
  [
    'unknown',
    {
      will: 'The effect is unknown for',
      did: 'The effect was unknown for',
      would: 'The effect is unknown for',
    },
  ],
];

function expecting(subject: string, third: string, bare: string, rest = ''): Words {
  return {
    will: `${subject} ${third}${rest}`,
    did: `${subject} was expected to ${bare}${rest}`,
    would: `${subject} would ${bare}${rest}`,
  };
}

/** For the top of the card: that not all clients were judged, and whom the flush locks out. */
export function warningBlocks(forecast: Forecast, state: FlushState): readonly Block[] {
  const unjudged = sayUnjudged(forecast);
  const may = inTense(state, {
    will: 'The flush may lock them out, or change their accounts.',
    did: 'The flush may have locked them out, or changed their accounts.',
    would: 'The flush might lock them out, or change their accounts.',
  });
  const why = forecast.why === null ? '' : ` ${forecast.why}`;
  const isLong = lostIn(forecast).length > LOST_SHOWN;
  return [
    ...(unjudged === null ? [] : [paragraph(bold(unjudged), ` ${may}${why}`)]),
    ...partsOf(LOST, forecast, state).map(([head, clients, total]) =>
      paragraph(
        bold(head),
        ` ${listed(clients, LOST_SHOWN, total)}${isLong ? '; the thread has all' : ''}.`,
      ),
    ),
  ];
}

/** `12 of 2012 clients were not judged.`; null = all were. */
export function sayUnjudged({ clients, effects }: Forecast): string | null {
  if (clients === null) return 'The clients were not judged.';
  const total = effects.find(({ effect }) => effect === 'unknown')?.total ?? 0;
  if (total === 0) return null;
  return `${total} of ${count(clients, 'client')} ${total === 1 ? 'was' : 'were'} not judged.`;
}

/** `It cures: 192.0.2.7, 192.0.2.8 and 3 more.` */
export function effectLines(forecast: Forecast, state: FlushState): readonly string[] {
  return partsOf(OTHERS, forecast, state).map(
    ([head, clients, total]) => `${head} ${listed(clients, CLIENTS_SHOWN, total)}.`,
  );
}

function partsOf(
  kinds: typeof OTHERS,
  { effects }: Forecast,
  state: FlushState,
): readonly (readonly [head: string, clients: readonly string[], total: number])[] {
  return kinds.flatMap(([kind, words]) =>
    effects
      .filter(({ effect }) => effect === kind)
      .map(({ clients, total }) => [`${inTense(state, words)}:`, clients, total] as const),
  );
}

/** All clients that the flush locks out. */
export function lostIn({ effects }: Forecast): readonly string[] {
  const kinds = LOST.map(([kind]) => kind);
  return effects.flatMap(({ effect, clients }) => (kinds.includes(effect) ? clients : []));
}
