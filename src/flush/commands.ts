import type { Ask, Subcommand } from '../chat/subcommand.ts';
import { ask } from './ask.ts';
import { approve, reject } from './decide.ts';
import { createHistoryCommand } from './history.ts';
import { type FlushCommandParts, reasonIn, serverIn } from './wish.ts';

/** `flush`, `approve`, `reject`, `history`: one person asks, a second decides. */

const REASON: Ask = { name: 'reason', label: 'Why', max: 300, isOptional: false };
const REJECTION: Ask = { name: 'reason', label: 'Why not', max: 300, isOptional: true };

export function createFlushCommands(parts: FlushCommandParts): readonly Subcommand[] {
  return [
    {
      name: 'flush',
      usage: 'flush [on <server>] <reason>',
      summary: 'Asks for a flush of the host cache; a second person approves it.',
      example: 'flush on main DNS is mended',
      surfaces: ['slack'],
      // Of a server that is not there nobody is asked why.
      asks: ({ words }) =>
        reasonIn(words, parts) === '' && !('fault' in serverIn(words, parts.servers))
          ? [REASON]
          : [],
      run: (request) => ask(request, parts),
    },
    {
      name: 'approve',
      usage: 'approve <request>',
      summary: 'Shows a flush request with its button; the button approves.',
      example: 'approve FR-1042',
      surfaces: ['slack'],
      clickDecides: true,
      run: (request) => approve(request, parts),
    },
    {
      name: 'reject',
      usage: 'reject <request> [<reason>]',
      summary: 'Rejects a flush request.',
      example: 'reject FR-1042 not while the load balancer probes',
      surfaces: ['slack'],
      asks: ({ words, caller }) =>
        words.length < 2 && caller.kind === 'person' && caller.isClick ? [REJECTION] : [],
      run: (request) => reject(request, parts),
    },
    createHistoryCommand(parts),
  ];
}
