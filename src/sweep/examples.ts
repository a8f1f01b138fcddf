import type { ExampleClient, Examples } from '../chat/help.ts';

import { isUnreadable } from '../chat/unreadable.ts';
import type { Alert, AlertRuleId } from './alert.ts';

import type { SweepCommandParts } from './command-parts.ts';

/** What help makes its examples of: the configured servers, and somebody in trouble at the last sweep. */

/** The alerts whose hosts are worth asking about first, and what a host of theirs is called. */
const TROUBLES: readonly (readonly [AlertRuleId, string])[] = [
  ['blocked-host', 'blocked host'],
  ['null-host', 'host without a name'],
  ['near-block', 'host close to being blocked'],
];

export async function readExamples({
  servers,
  alerts,
}: Pick<SweepCommandParts, 'servers' | 'alerts'>): Promise<Examples> {
  const names = servers.map(({ target }) => target.server.name);
  return { servers: names, client: await clientIn(alerts, names) };
}

/** null also where the state cannot be read: help does without. */
async function clientIn(
  alerts: SweepCommandParts['alerts'],
  names: readonly string[],
): Promise<ExampleClient | null> {
  try {
    return firstClient((await alerts.open()).filter(({ server }) => names.includes(server)));
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return null;
  }
}

function firstClient(open: readonly Alert[]): ExampleClient | null {
  for (const [rule, trouble] of TROUBLES) {
    const alert = open.find((each) => each.rule === rule && each.hosts.length > 0);
    const address = alert?.hosts[0]?.address;
    if (alert !== undefined && address !== undefined) {
      return { address, server: alert.server, trouble };
    }
  }
  return null;
}
