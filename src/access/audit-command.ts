import { count, listed } from '../chat/lists.ts';
import type { Button, Message } from '../chat/message.ts';
import { askEach, chooseServers, type ReadingParts } from '../chat/on-servers.ts';
import { answer, isReply, joinReplies, type ReplyFile } from '../chat/reply.ts';
import type { Subcommand } from '../chat/subcommand.ts';
import type { Target } from '../diagnosis/gather.ts';
import { planButton } from '../diagnosis/plan-button.ts';
import { type Audit, auditOf } from './audit.ts';
import { type AuditParts, gatherAudit } from './audit-facts.ts';
import { auditCsv, auditMessage, auditRows } from './audit-messages.ts';

/** `audit`: what every account is used for, and which are risky or useless. */

const SHOWN = {
  person: { limit: 15, more: 'in the CSV file' },
  terminal: { limit: 90, more: '--json prints all' },
};

export const auditCommand: Subcommand<AuditParts & ReadingParts<Target>> = {
  name: 'audit',
  usage: 'audit [on <server>]',
  summary: 'Lists what every account is used for: from where, when last, risky or unused.',
  example: 'audit',
  surfaces: ['slack', 'terminal'],
  needs: ['mysql', 'state'],
  isForAll: true,
  options: ['server'],
  run: async ({ words, options, caller }, parts) => {
    const chosen = chooseServers({ words, options }, parts.targets);
    if (isReply(chosen)) return chosen;
    const audits: Audit[] = [];
    const replies = await askEach(chosen, async (target) => {
      const { facts, gaps } = await gatherAudit(target, parts);
      const audit = auditOf(facts);
      audits.push(audit);
      const message = auditMessage(audit, gaps, facts.counters.now.readAt, SHOWN[caller.kind]);
      const plan = planButton(audit.server, facts.settings);
      return answer(withButton(message, plan), auditRows(audit, gaps));
    });
    const reply = joinReplies(replies);
    const place = ({ server }: Audit) =>
      chosen.findIndex((target) => target.server.name === server);
    audits.sort((a, b) => place(a) - place(b));
    const isFiled = caller.kind === 'person' && audits.length > 0;
    return isFiled ? { ...reply, files: [fileOf(audits)] } : reply;
  },
};

function withButton({ headline, blocks }: Message, button: Button): Message {
  return { headline, blocks: [...blocks, { kind: 'buttons', buttons: [button] }] };
}

function fileOf(audits: readonly Audit[]): ReplyFile {
  const [only] = audits;
  const name = audits.length === 1 && only !== undefined ? `audit-${only.server}.csv` : 'audit.csv';
  const total = audits.reduce((sum, { rows }) => sum + rows.length, 0);
  const says = `The audit of ${count(total, 'account')} on ${listed(
    audits.map(({ server }) => server),
    3,
  )}.`;
  return { name, text: auditCsv(audits), says };
}
