import { firstOf } from '../chat/lists.ts';
import { bold, headed, type Message, paragraph, sentence } from '../chat/message.ts';
import { askEach, chooseServers, type ReadingParts } from '../chat/on-servers.ts';
import { answer, isReply, joinReplies, type Reply } from '../chat/reply.ts';
import type { Request, Subcommand } from '../chat/subcommand.ts';
import type { Target } from '../diagnosis/gather.ts';
import { alertTitle } from './alert.ts';
import { lookAt, NAME_CHECKS, whyUnread } from './look.ts';
import { isFiring, type Observation, observe } from './observe.ts';
import type { SweepParts } from './parts.ts';
import { ruleOf } from './rules/index.ts';

/** `sweep` in a terminal: reads the servers and prints; it stores nothing and posts nothing. */

const HOSTS_SHOWN = 20;

type LookParts = ReadingParts<Target> & Pick<SweepParts, 'nullHostAlerts'>;

export const lookCommand: Subcommand<LookParts> = {
  name: 'sweep',
  usage: 'sweep [on <server>]',
  summary: 'Runs a sweep now and only prints the result.',
  example: 'sweep',
  surfaces: ['terminal'],
  needs: ['mysql', 'plans'],
  options: ['server'],
  run: sweep,
};

async function sweep(request: Request, parts: LookParts): Promise<Reply> {
  const chosen = chooseServers(request, parts.targets);
  if (isReply(chosen)) return chosen;
  return joinReplies(await askEach(chosen, (target) => look(target, parts)));
}

async function look(target: Target, { now, nullHostAlerts }: LookParts): Promise<Reply> {
  const { name } = target.server;
  const readAt = now();
  const seen = await lookAt(target, readAt, ({ named }) => named.slice(0, NAME_CHECKS));
  const firing = observe(seen, { nullHostAlerts, paces: new Map() }).filter(isFiring);
  const rows = firing.flatMap(({ rule, hosts, fact }) => {
    const whole = [{ address: null, name: null, says: fact }];
    const lines = hosts.length === 0 ? whole : hosts;
    return lines.map((host) => ({
      server: name,
      rule,
      address: host.address,
      name: host.name,
      what: host.says,
    }));
  });
  if (!seen.settings.known) return answer(sentence(seen.settings.why), rows, 3);
  return answer(lookMessage(name, firing), rows, whyUnread(seen) === null ? 0 : 3);
}

function lookMessage(server: string, firing: readonly Observation[]): Message {
  if (firing.length === 0) return sentence(`${server}: nothing to report.`);
  const titles = firing.map(alertTitle);
  const headline = `${server}: ${titles.join(', ')}.`;
  return headed(
    headline,
    firing.map(({ rule, hosts, fact }) => {
      const shown = hosts.map(({ address, says }) => `${address}: ${says}`);
      const facts = fact === null ? [] : [fact];
      const lines = [...facts, ...firstOf(shown, HOSTS_SHOWN), ruleOf(rule).remedy];
      return paragraph(bold(rule), `\n${lines.join('\n')}`);
    }),
  );
}
