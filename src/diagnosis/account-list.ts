import { listing } from '../chat/listing.ts';
import { count, groupBy, listed } from '../chat/lists.ts';
import { bold, text } from '../chat/message.ts';
import { perServer } from '../chat/on-servers.ts';
import { answer, type Reply } from '../chat/reply.ts';
import { createUnreadable } from '../chat/unreadable.ts';
import { type Account, accountName } from '../hostcache/account.ts';
import type { Rules } from '../hostcache/host-pattern.ts';
import { type PatternTrait, patternTrait } from '../hostcache/pattern-traits.ts';
import { releaseOf } from '../hostcache/release.ts';
import type { ServerSettings } from '../hostcache/settings.ts';
import { askEachAddress, type Client, clientLabel, readClient } from './client.ts';
import { type Diagnosis, diagnose } from './diagnose.ts';
import { gather, type Target } from './gather.ts';
import { yesOrNo } from './messages.ts';

/** `accounts`: the accounts that a client could log in to; without a client, all host patterns. */

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
  const { evidence, forecast, prediction } = diagnosis;
  const { server, client: address } = evidence;
  // Thrown, so that several addresses of one name give one refusal.
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
        yesOrNo(account, now, prediction.now),
        yesOrNo(account, afterFlush, prediction.afterFlush),
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

function markOf({ isRole, locked, user }: Account): string {
  if (isRole) return 'role';
  if (locked === true) return 'locked';
  return user === '' ? 'anonymous' : '';
}

/** Host patterns with their accounts; the marked ones come first. */
async function patternsOf({ server }: Target, readAt: Date): Promise<Reply> {
  const [settings, { rows, more }] = await Promise.all([server.settings(), server.allAccounts()]);
  const groups = patternGroups(rows, settings);
  const message = listing({
    headline: `${server.name} has ${count(rows.length + more, 'account')} under ${more > 0 ? `${groups.length} or more host patterns` : count(groups.length, 'host pattern')}.`,
    table: {
      columns: ['Host pattern', 'Accounts', 'Mark'],
      rows: groups.map(({ host, users, marks }) => [
        `'${host}'`,
        listed(
          users.map((user) => user || '(anonymous)'),
          4,
        ),
        marks.join('; '),
      ]),
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

function patternGroups(accounts: readonly Account[], settings: ServerSettings) {
  const { rules } = releaseOf(settings);
  const matched = accounts.filter(({ isRole }) => !isRole || rules !== 'mariadb');
  return [...groupBy(matched, ({ host }) => host)]
    .map(([host, rows]) => ({
      host,
      users: rows.map(({ user }) => user),
      marks: marksOf(host, rows, settings, rules),
    }))
    .sort((a, b) => b.marks.length - a.marks.length || (a.host < b.host ? -1 : 1));
}

/** What is risky or useless about the host pattern. */
function marksOf(
  host: string,
  accounts: readonly Account[],
  settings: ServerSettings,
  rules: Rules,
): readonly string[] {
  const trait = patternTrait(host, rules, settings);
  const marks: string[] = [];
  if (trait === 'open' && accounts.some(({ isRole }) => !isRole)) marks.push('any host may try');
  if (trait === 'open' && accounts.some(({ isRole }) => isRole)) {
    marks.push('a role opens the host check for all');
  }
  if (accounts.some(({ user }) => user === '')) marks.push('anonymous');
  if (trait !== null && trait !== 'open') marks.push(SAID[trait]);
  return marks;
}

const SAID: Readonly<Record<Exclude<PatternTrait, 'open'>, string>> = {
  'needs-name': 'a name, never looked up here',
  'never-matches': 'can never match',
  'keeps-shut': 'matches, but does not open the host check (1130)',
};
