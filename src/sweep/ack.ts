import { sentence } from '../chat/message.ts';
import {
  joinParts,
  type Reply,
  type Request,
  refusal,
  type Subcommand,
} from '../chat/subcommand.ts';
import type { Alert } from './alert.ts';
import type { SweepCommandParts } from './command-parts.ts';
import { alertMessage } from './messages.ts';

/** `ack`: somebody looks after this alert; its message says who. */

export const ackCommand: Subcommand<SweepCommandParts> = {
  name: 'ack',
  usage: 'ack <alert>',
  summary: 'Says that you look after an alert.',
  example: 'ack AL-7',
  surfaces: ['slack'],
  needs: ['state'],
  run: acknowledge,
};

async function acknowledge(
  { words, caller }: Request,
  { alerts, now, servers, wake }: SweepCommandParts,
): Promise<Reply> {
  const id = (words[0] ?? '').toUpperCase();
  if (!/^AL-\d+$/.test(id)) {
    return joinParts([
      refusal(`ack: expected the id of an alert, such as AL-7, got "${words[0] ?? ''}".`, 2),
    ]);
  }
  const alert = await alerts.find(id);
  // Pending, it has not been told: nobody can have seen it.
  if (alert === null || alert.state === 'pending')
    return joinParts([refusal(`There is no alert ${id}.`, 2)]);
  if (alert.state === 'resolved') return joinParts([refusal(`${id} is resolved already.`, 2)]);
  if (alert.acknowledged !== null || caller.kind !== 'person') {
    return joinParts([refusal(`${id} is acknowledged already.`, 2)]);
  }
  const at = now();
  const after: Alert = {
    ...alert,
    state: 'acknowledged',
    changedAt: at,
    acknowledged: { by: caller.user, at },
  };
  const channel = servers.find(({ target }) => target.server.name === alert.server)?.channel;
  const edit = {
    id: `${id}/${alert.revision + 1}/0`,
    channel: channel ?? caller.channel,
    subject: id,
    content: { kind: 'edit', message: alertMessage(after, { needsNames: null, silenced: 0 }) },
    queuedAt: at,
  } as const;
  if (!(await alerts.save([after], [edit]))) {
    return joinParts([refusal(`${id} changed at this moment; look at it and try again.`, 2)]);
  }
  wake();
  return joinParts([{ message: sentence(`${id} is yours.`), rows: [], exit: 0 }]);
}
