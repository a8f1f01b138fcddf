import { bold, type Message, sentence, text } from '../chat/message.ts';
import { perServer } from '../chat/on-servers.ts';
import { answer, type Reply } from '../chat/reply.ts';
import type { Target } from '../diagnosis/gather.ts';
import { lookAt, NAME_CHECKS } from './look.ts';
import { type Observation, observe } from './observe.ts';
import { RULE_WORDS } from './rule-words.ts';

/** `sweep` in a terminal: looks at the servers and prints; it remembers nothing and tells nobody else. */

const HOSTS_SHOWN = 20;

export const lookCommand = perServer({
  name: 'sweep',
  summary: 'Looks at the servers now, and prints what a sweep would tell.',
  example: 'sweep',
  surfaces: ['terminal'],
  ask: look,
});

async function look(target: Target, readAt: Date): Promise<Reply> {
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
  if (!seen.settings.known) return answer(sentence(seen.settings.why), rows, 3);
  const isRead = !firing.some(({ rule }) => rule === 'server-unreadable');
  return answer(lookMessage(name, firing), rows, isRead ? 0 : 3);
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
