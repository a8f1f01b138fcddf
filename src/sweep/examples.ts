import type { Examples } from '../chat/help.ts';
import { isUnreadable } from '../chat/unreadable.ts';
import { worstFirst } from './alert.ts';
import type { SweepParts } from './parts.ts';
import { ruleOf } from './rules/index.ts';

/** The data for help's examples: the configured servers, and a client that has an open alert, if any. */
export async function readExamples({
  targets,
  alerts,
}: Pick<SweepParts, 'targets' | 'alerts'>): Promise<Examples> {
  const servers = targets.map(({ server }) => server.name);
  try {
    const open = (await alerts.open()).filter(({ server }) => servers.includes(server));
    const clients = open.toSorted(worstFirst).flatMap(({ rule, server, hosts: [host] }) => {
      const { title } = ruleOf(rule);
      if (host === undefined || typeof title === 'string') return [];
      return [{ address: host.address, server, trouble: title.one }];
    });
    return { servers, client: clients[0] ?? null };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    // Help can do without a client.
    return { servers, client: null };
  }
}
