import { sentence } from '../chat/message.ts';
import { targetNamed } from '../chat/on-servers.ts';
import { answer, type Reply, refuse } from '../chat/reply.ts';
import type { Request, Subcommand } from '../chat/subcommand.ts';
import type { Alert } from './alert.ts';
import { editPost } from './messages.ts';
import type { SweepParts } from './parts.ts';

/** `ack`: a person takes an alert; its message shows who is working on it. */

export const ackCommand: Subcommand<SweepParts> = {
  name: 'ack',
  usage: 'ack <alert>',
  summary: 'Shows others that you are working on an alert.',
  example: 'ack AL-7',
  surfaces: ['slack'],
  needs: ['state'],
  changes: 'acknowledged',
  run: acknowledge,
  repeated: acknowledgedBefore,
};

async function acknowledge(
  { words, caller }: Request,
  { alerts, now, targets, wake }: SweepParts,
): Promise<Reply> {
  const id = (words[0] ?? '').toUpperCase();
  if (!/^AL-\d+$/.test(id)) {
    return refuse(`ack: expected the id of an alert, such as AL-7, got "${words[0] ?? ''}".`);
  }
  const alert = await alerts.find(id);
  // A pending alert has not been posted, so nobody can have seen it.
  if (alert === null || alert.state === 'pending') return refuse(`There is no alert ${id}.`);
  if (alert.state === 'resolved') return refuse(`${id} is already resolved.`);
  if (alert.acknowledged !== null || caller.kind !== 'person') {
    return refuse(`${id} is already acknowledged.`);
  }
  const at = now();
  const after: Alert = {
    ...alert,
    state: 'acknowledged',
    changedAt: at,
    acknowledged: { by: caller.user, at },
  };
  const target = targetNamed(alert.server, { targets });
  const { channel, callout } = target ?? { channel: caller.channel };
  const edit = editPost(after, { channel, callout, queuedAt: at });
  if (!(await alerts.save([after], [edit]))) {
    return refuse(`${id} has just changed; look at it and try again.`);
  }
  wake();
  return taken(id);
}

async function acknowledgedBefore(
  { words, caller }: Request,
  { alerts }: SweepParts,
): Promise<Reply | null> {
  const alert = await alerts.find((words[0] ?? '').toUpperCase());
  const isTheirs = caller.kind === 'person' && alert?.acknowledged?.by === caller.user;
  return isTheirs ? taken(alert.id) : null;
}

function taken(id: string): Reply {
  return answer(sentence(`${id} is yours.`));
}
