/** The steps that the page suggests to a visitor, and which of them are done. */
import { plainText } from '../slack/shown.ts';
import type { Happening } from '../slack/workspace-state.ts';
import type { Client, Guide, Step } from './shape.ts';
import type { Pulled } from './world-panel.ts';

/** The visitor's task. */
export interface Task {
  readonly client: Client;
  /** The number of the workspace's happenings before the task was set. */
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
      ? 'The demo is playing a story in #dba. After that it is your turn.'
      : 'A MySQL server and the bot are starting. The first time, this can take a minute, because the server is unpacked.';
    return { says, alert: null, steps: [] };
  }
  const { account, address } = task.client;
  const since = happenings.slice(task.since);
  const steps = stepsOf(task.client, since, pulled);
  const isSolved = steps.every(({ isDone }) => isDone);
  const says = isSolved
    ? 'Solved. Now break DNS again and log in, or run the health check. Within seconds the bot posts an alert in #dba. Its Home, under Apps, lists the open alerts.'
    : `Your turn: ${account} cannot log in from ${address}. Find out why, and fix it.`;
  return { says, alert: isSolved ? null : alertIn(since, address), steps };
}

/** The bot's latest alert about that address; null = none yet. */
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
  return !isAnswer(happening) && /^\S+ Firing: \d+ hosts? /.test(words) && words.includes(address);
}

function stepsOf(client: Client, since: readonly Happening[], pulled: Pulled): readonly Step[] {
  const { account, address } = client;
  const why = `/hostcache why ${address} as ${account}`;
  // A verdict begins with the address; a list only contains it.
  const isAsked = since.some((one) => isAnswer(one) && wordsOf(one).startsWith(address));
  // The button replaces the answer.
  const isChecked = since.some(
    (one) => one.kind === 'rewhispered' && wordsOf(one).startsWith(address),
  );
  const isFlushed = since.some((one) => one.kind === 'edited' && reads(one, /^\S+ Flushed/));
  return [
    {
      title: 'Ask why',
      text: `Type \`${why}\` in the box below #dba and press \`Enter\`.`,
      types: why,
      isDone: isAsked,
    },
    {
      title: 'Fix DNS',
      text: 'The answer says to fix DNS first. Under Levers, press `Fix DNS`.',
      types: null,
      isDone: pulled.fixed.has(address),
    },
    {
      title: 'Check again',
      text: 'Below the answer, press `Check again`. DNS is right now, so the new answer says that a flush is left.',
      types: null,
      isDone: pulled.fixed.has(address) && isChecked,
    },
    {
      title: 'Request a flush',
      text: 'The server still remembers that the address has no name. Type `/hostcache flush`, give a reason in the form and press `Request flush`.',
      types: '/hostcache flush',
      isDone: since.some((one) => one.kind === 'posted' && reads(one, /^\S+ Approval needed/)),
    },
    {
      title: 'Approve it as another person',
      text: 'A flush takes two people. Under You are, choose `Bob`, then press `Approve and flush` on the request.',
      types: null,
      isDone: isFlushed,
    },
    {
      title: 'Log in again',
      text: `Under Levers, press \`${account} logs in\`. The server admits the client.`,
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
