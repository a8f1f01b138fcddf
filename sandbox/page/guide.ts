/** What a newcomer is told to try, and what of it is done: pure. */
import { plainText } from '../slack/shown.ts';
import type { Happening } from '../slack/workspace-state.ts';
import type { Client, Guide, Step } from './shape.ts';
import type { Pulled } from './world-panel.ts';

/** The case that waits for the visitor. */
export interface Task {
  readonly client: Client;
  /** How much had happened in the workspace before it was laid. */
  readonly since: number;
}

export function guideFor(
  task: Task | null,
  isUp: boolean,
  happenings: readonly Happening[],
  pulled: Pulled,
): Guide {
  if (task === null) {
    const says = isUp
      ? 'A first story is being played: watch #dba. Your turn comes in a moment.'
      : 'A MySQL server and the bot are starting. The first time the server is unpacked, which can take a minute.';
    return { says, alert: null, steps: [] };
  }
  const { account, address } = task.client;
  const since = happenings.slice(task.since);
  const steps = stepsOf(task.client, since, pulled);
  const isSolved = steps.every(({ isDone }) => isDone);
  const says = isSolved
    ? 'Solved. Now break DNS again and let somebody log in, or let a health check probe: within seconds the bot says so in #dba. Its Home, under Apps, lists what is open.'
    : `Your turn: ${account} cannot log in from ${address}. Find out why, and mend it.`;
  return { says, alert: isSolved ? null : alertIn(since, address), steps };
}

/** What the bot said unasked of that address. */
function alertIn(since: readonly Happening[], address: string): Guide['alert'] {
  const alert = since.findLast((one) =>
    one.kind === 'posted' || one.kind === 'edited' ? isAlert(one, address) : false,
  );
  return alert !== undefined && 'message' in alert
    ? { channel: alert.message.channel, ts: alert.message.ts }
    : null;
}

function isAlert(happening: Happening, address: string): boolean {
  const words = wordsOf(happening);
  return !isAnswer(happening) && /^\d+ hosts? /.test(words) && words.includes(address);
}

function stepsOf(client: Client, since: readonly Happening[], pulled: Pulled): readonly Step[] {
  const { account, address } = client;
  const why = `/hostcache why ${address} as ${account}`;
  // The verdict begins with whom it is about; a list only has the address in it.
  const isAsked = since.some((one) => isAnswer(one) && wordsOf(one).startsWith(address));
  const isFlushed = since.some((one) => one.kind === 'edited' && reads(one, /^Flushed/));
  return [
    {
      title: 'Ask why',
      text: `Type \`${why}\` in the box below #dba and press \`Enter\`.`,
      types: why,
      isDone: isAsked,
    },
    {
      title: 'Mend DNS',
      text: 'The answer says that DNS comes first. Under Levers press `Mend DNS`.',
      types: null,
      isDone: pulled.mended.has(address),
    },
    {
      title: 'Ask for a flush',
      text: 'The server still remembers the lost name. Type `/hostcache flush`, give a reason in the form and press `Send`.',
      types: '/hostcache flush',
      isDone: since.some((one) => one.kind === 'posted' && reads(one, /^Approval needed/)),
    },
    {
      title: 'Approve it as somebody else',
      text: 'A flush takes two people. Under You are choose `Bob`, then press `Approve and flush` on the request.',
      types: null,
      isDone: isFlushed,
    },
    {
      title: 'Log in again',
      text: `Under Levers press \`${account} logs in\`: the server lets it in.`,
      types: null,
      isDone: isFlushed && pulled.admitted.has(address),
    },
  ];
}

function isAnswer({ via }: Happening): boolean {
  return via.how === 'ack' || via.how === 'response_url';
}

function reads(happening: Happening, pattern: RegExp): boolean {
  return pattern.test(wordsOf(happening));
}

function wordsOf(happening: Happening): string {
  if ('message' in happening) return plainText(happening.message);
  return 'ephemeral' in happening ? plainText(happening.ephemeral) : '';
}
