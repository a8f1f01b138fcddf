import type { ExampleClient, Examples } from '../chat/help.ts';
import { isUnreadable } from '../chat/unreadable.ts';
import { worstFirst } from './alert.ts';
import type { SweepParts } from './parts.ts';
import { ruleOf } from './rules/index.ts';

/** The data for help's examples: the configured servers, and a client that has an open alert. */
export async function readExamples({
  targets,
  alerts,
}: Pick<SweepParts, 'targets' | 'alerts'>): Promise<Examples> {
  const names = targets.map(({ server }) => server.name);
  return { servers: names, client: await clientIn(alerts, names) };
}

/** null = none, or the state cannot be read; help can do without. */
async function clientIn(
  alerts: SweepParts['alerts'],
  names: readonly string[],
): Promise<ExampleClient | null> {
  try {
    const open = (await alerts.open()).filter(({ server }) => names.includes(server));
    const clients = open.toSorted(worstFirst).flatMap(({ rule, server, hosts: [host] }) => {
      const { title } = ruleOf(rule);
      if (host === undefined || typeof title === 'string') return [];
      return [{ address: host.address, server, trouble: title.one }];
    });
    return clients[0] ?? null;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return null;
  }
}
