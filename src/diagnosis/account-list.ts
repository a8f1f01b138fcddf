import { listing } from '../chat/listing.ts';
import { count, listed } from '../chat/lists.ts';
import { bold, text } from '../chat/message.ts';
import { perServer } from '../chat/on-servers.ts';
import { answer, type Reply } from '../chat/reply.ts';
import { createUnreadable } from '../chat/unreadable.ts';
import { type Account, accountName } from '../hostcache/account.ts';
import { askEachAddress, type Client, clientLabel, readClient } from './client.ts';
import { type Diagnosis, diagnose } from './diagnose.ts';
import { gather, type Target } from './gather.ts';
import { groupByPattern, type PatternGroup } from './pattern-marks.ts';

/** `accounts`: those that a client could log in to; without a client, every host pattern. */

const ROWS_SHOWN = 90;

export const accountsCommand = perServer({
  name: 'accounts',
  summary: 'Lists the accounts that a client could log in to, or all host patterns.',
  example: 'accounts 192.0.2.7',
  word: { usage: '[<client>]', read: readClient },
  ask: (target: Target, readAt, client) =>
    client === null
      ? patternsOf(target, readAt)
      : askEachAddress(client, target, async (address, gaps) => {
          const subject = { client: address, user: null, readAt };
          return accountsFor(client, diagnose(await gather(target, subject)), gaps);
        }),
});

/** In the order in which the server tries them. */
function accountsFor(client: Client, diagnosis: Diagnosis, gaps: readonly string[]): Reply {
  const { evidence, forecast } = diagnosis;
  const { server, client: address } = evidence;
  // Told once for all addresses of a name.
  if (!evidence.accounts.known) throw createUnreadable(evidence.accounts.why);
  const { accounts, accountsTotal } = forecast;
  const match = count(accountsTotal, 'account matches', 'accounts match');
  const message = listing({
    headline: `${match} ${clientLabel(client.text, address)} on ${server}, now or after a flush.`,
    notes: [...diagnosis.gaps, ...gaps].map((gap) => text(bold('Not known: '), gap)),
    table: {
      columns: ['Account', 'Now', 'After a flush', 'Mark'],
      rows: accounts.map(({ account, now, afterFlush }) => [
        accountName(account),
        now ? 'chosen' : 'no',
        afterFlush ? 'chosen' : 'no',
        markOf(account),
      ]),
      total: accountsTotal,
      limit: ROWS_SHOWN,
    },
    readAt: evidence.readAt,
    again: [`accounts ${address.text} on ${server}`, `List the accounts for ${address.text} again`],
  });
  const rows = accounts.map(({ account, now, afterFlush }) => ({
    server,
    client: client.text,
    address: address.text,
    account: accountName(account),
    now,
    afterFlush,
    locked: account.locked,
    role: account.isRole,
  }));
  return answer(message, rows, evidence.entry.known ? 0 : 3);
}

async function patternsOf({ server }: Target, readAt: Date): Promise<Reply> {
  const [settings, { rows, more }] = await Promise.all([server.settings(), server.allAccounts()]);
  const groups = groupByPattern(rows, settings);
  const message = listing({
    headline: `${server.name} has ${count(rows.length + more, 'account')} under ${more > 0 ? `${groups.length} or more host patterns` : count(groups.length, 'host pattern')}.`,
    table: {
      columns: ['Host pattern', 'Accounts', 'Mark'],
      rows: groups.map((group) => [`'${group.host}'`, sayUsers(group), group.marks.join('; ')]),
      limit: ROWS_SHOWN,
    },
    readAt,
    again: [`accounts on ${server.name}`, `List host patterns of ${server.name}`],
  });
  const cells = groups.map(({ host, users, marks }) => ({
    server: server.name,
    host,
    accounts: users.length,
    users: users.slice(0, ROWS_SHOWN),
    marks,
  }));
  return answer(message, cells);
}

function sayUsers({ users }: PatternGroup): string {
  const named = users.map((user) => (user === '' ? '(anonymous)' : user));
  return listed(named, 4);
}

function markOf({ isRole, locked, user }: Account): string {
  if (isRole) return 'role';
  if (locked === true) return 'locked';
  return user === '' ? 'anonymous' : '';
}
