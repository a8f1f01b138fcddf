import { isReply } from '../chat/reply.ts';
import type { Ask, Subcommand } from '../chat/subcommand.ts';
import { readFlush } from './args.ts';
import { ask } from './ask.ts';
import { approve, reject } from './decide.ts';
import type { FlushParts } from './parts.ts';

/** `flush`, `approve` and `reject`: one person asks, a second person decides. */

const REASON: Ask = { name: 'reason', label: 'Why', max: 300, isOptional: false };
const REJECTION: Ask = { name: 'reason', label: 'Why not', max: 300, isOptional: true };

export const flushCommand: Subcommand<FlushParts> = {
  name: 'flush',
  usage: 'flush [on <server>] <reason>',
  summary: 'Requests a flush of the host cache; a second person approves it.',
  example: 'flush on main DNS is fixed',
  surfaces: ['slack'],
  needs: ['mysql', 'state', 'slack'],
  // For an unknown server, `run` refuses; there is no point in asking for a reason.
  asks: ({ words }, { targets }) => {
    const args = readFlush(words, targets);
    return isReply(args) || args.reason !== '' ? [] : [REASON];
  },
  run: ask,
};

export const approveCommand: Subcommand<FlushParts> = {
  name: 'approve',
  usage: 'approve <request>',
  summary: 'Shows a flush request with its Approve button.',
  example: 'approve FR-1042',
  surfaces: ['slack'],
  needs: ['mysql', 'state', 'slack'],
  clickDecides: true,
  run: approve,
};

export const rejectCommand: Subcommand<FlushParts> = {
  name: 'reject',
  usage: 'reject <request> [<reason>]',
  summary: 'Rejects a flush request.',
  example: 'reject FR-1042 not while the load balancer probes',
  surfaces: ['slack'],
  needs: ['state', 'slack'],
  asks: ({ words, caller }) =>
    words.length < 2 && caller.kind === 'person' && caller.isClick ? [REJECTION] : [],
  run: reject,
};
