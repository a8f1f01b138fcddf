import { bold, type Message, sentence, text } from '../chat/message.ts';
import {
  joinParts,
  type Part,
  type Reply,
  type Request,
  type Subcommand,
} from '../chat/subcommand.ts';
import type { DiagnosisParts } from '../diagnosis/commands.ts';
import { refusedWish } from '../diagnosis/fault.ts';
import type { Target } from '../diagnosis/gather.ts';
import { chooseServers } from '../diagnosis/wish.ts';
import { lookAt, NAME_CHECKS } from './look.ts';
import { type Observation, observe } from './observe.ts';
import { RULE_WORDS } from './rule-words.ts';

/** `sweep` in a terminal: looks at the servers and prints; it remembers nothing and tells nobody else. */

const HOSTS_SHOWN = 20;

export const lookCommand: Subcommand<DiagnosisParts> = {
  name: 'sweep',
  usage: 'sweep [on <server>]',
  summary: 'Looks at the servers now, and prints what a sweep would tell.',
  example: 'sweep',
  surfaces: ['terminal'],
  needs: ['mysql'],
  run: look,
};

async function look(request: Request, { targets, now }: DiagnosisParts): Promise<Reply> {
  const servers = targets.map((target) => ({ target, name: target.server.name }));
  const chosen = chooseServers(request, servers, request.words);
  if ('fault' in chosen) return joinParts([refusedWish(chosen)]);
  return joinParts(await Promise.all(chosen.servers.map(({ target }) => lookOnce(target, now()))));
}

async function lookOnce(target: Target, readAt: Date): Promise<Part> {
  const { name } = target.server;
  const seen = await lookAt(target, readAt, ({ named }) => named.slice(0, NAME_CHECKS));
  const found = observe(seen, { nullHostAlerts: 'all', paces: new Map() });
  const firing = found.filter(({ hosts, fact }) => hosts.length > 0 || fact !== null);
  const rows = firing.flatMap(({ rule, hosts, fact }): readonly object[] =>
    hosts.length === 0
      ? [{ server: name, rule, address: null, name: null, what: fact }]
      : hosts.map((host) => ({
          server: name,
          rule,
          address: host.address,
          name: host.name,
          what: host.says,
        })),
  );
  const isRead = !firing.some(({ rule }) => rule === 'server-unreadable');
  return { message: lookMessage(name, firing), rows, exit: isRead ? 0 : 3 };
}

function lookMessage(server: string, firing: readonly Observation[]): Message {
  if (firing.length === 0) return sentence(`${server}: nothing to tell.`);
  const titles = firing.map(({ rule, hosts }) => RULE_WORDS[rule].title(hosts.length));
  const headline = `${server}: ${titles.join(', ')}.`;
  return {
    headline,
    blocks: [
      { kind: 'text', spans: text(bold(headline)) },
      ...firing.map(({ rule, hosts, fact }) => {
        const shown = hosts.slice(0, HOSTS_SHOWN).map(({ address, says }) => `${address}: ${says}`);
        const more = hosts.length > HOSTS_SHOWN ? [`+ ${hosts.length - HOSTS_SHOWN} more`] : [];
        const lines = [
          ...(fact === null ? [] : [fact]),
          ...shown,
          ...more,
          RULE_WORDS[rule].remedy,
        ];
        return { kind: 'text', spans: text(bold(rule), `\n${lines.join('\n')}`) } as const;
      }),
    ],
  };
}
