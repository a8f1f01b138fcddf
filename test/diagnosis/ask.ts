import type { Target } from '../../src/diagnosis/gather.ts';
import { whyCommand } from '../../src/diagnosis/why.ts';
import { agreeing, createFakeResolver, type FakeDns } from '../fakes/resolver.ts';
import { createFakeServer, type FakeServer } from '../fakes/server.ts';
import { NAME } from '../scenarios/clients.ts';
import { slackRequest, terminalRequest } from './requests.ts';

/** Asks `why` of servers and DNS in memory. */

export const CLIENT_TEXT = '192.0.2.7';

/** What a server says that is away. */
export const DOWN = 'main: nothing listens at bot@192.0.2.99:3306; is the server running?';

/** DNS names the client as its account expects, unless another is given. */
export function target(world: FakeServer, dns: FakeDns = agreeing(CLIENT_TEXT, NAME)): Target {
  return { server: createFakeServer(world), resolver: createFakeResolver(dns) };
}

/** A line is typed in Slack, words in a terminal. */
export async function why(asked: string | readonly string[], ...targets: readonly Target[]) {
  const now = () => new Date('2026-11-21T04:00:12Z');
  const request = typeof asked === 'string' ? slackRequest(asked) : terminalRequest(asked);
  const reply = await whyCommand.run(request, { targets, now });
  const rows = reply.rows.map((row): { readonly [field: string]: unknown } => ({ ...row }));
  return { ...reply, rows, headlines: reply.messages.map(({ headline }) => headline) };
}
