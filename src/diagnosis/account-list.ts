import { type Block, bold, text } from '../chat/message.ts';
import { readAtBlocks } from '../chat/read-at.ts';
import {
  joinParts,
  type Part,
  type Reply,
  type Request,
  refusal,
  type Subcommand,
} from '../chat/subcommand.ts';
import { isUnreadable } from '../chat/unreadable.ts';
import { type Account, accountName } from '../hostcache/account.ts';
import { parseAddress } from '../hostcache/address.ts';
import { diagnose } from './diagnose.ts';
import { addressFault, refusedWish, shorten } from './fault.ts';
import { gather, type Target } from './gather.ts';
import { groupByPattern, type PatternGroup } from './pattern-marks.ts';
import { chooseServers } from './wish.ts';

/** `accounts`: those that a client could log in to; without a client, every host pattern. */

const ROWS_SHOWN = 90;

export interface AccountListParts {
  readonly targets: readonly Target[];
  readonly now: () => Date;
}

export const accountsCommand: Subcommand<AccountListParts> = {
  name: 'accounts',
  usage: 'accounts [<client>] [on <server>]',
  summary: 'Lists the accounts that a client could log in to, or all host patterns.',
  example: 'accounts 192.0.2.7',
  surfaces: ['slack', 'terminal'],
  needs: ['mysql'],
  run: accounts,
};

async function accounts(request: Request, { targets, now }: AccountListParts): Promise<Reply> {
  const [first = '', ...rest] = request.words;
  const hasClient = first !== '' && first.toLowerCase() !== 'on';
  const servers = targets.map(({ server }) => server);
  const chosen = chooseServers(request, servers, hasClient ? rest : request.words);
  if ('fault' in chosen) return joinParts([refusedWish(chosen)]);
  const address = hasClient ? parseAddress(first) : null;
  if (hasClient && address === null) {
    const says = `accounts: expected an IPv4 or IPv6 address, got "${shorten(first)}".`;
    return joinParts([refusedWish(addressFault(first) ?? { fault: says })]);
  }
  const asked = targets.filter(({ server }) => chosen.servers.includes(server));
  return joinParts(
    await Promise.all(
      asked.map((target) =>
        address === null
          ? patternsOf(target, now())
          : accountsFor(target, { client: address, user: null, readAt: now() }),
      ),
    ),
  );
}

/** In the order in which the server tries them. */
async function accountsFor(target: Target, subject: Parameters<typeof gather>[1]): Promise<Part> {
  const { evidence, forecast, gaps } = diagnose(await gather(target, subject));
  const { server, client } = evidence;
  if (!evidence.accounts.known) return refusal(evidence.accounts.why, 3);
  const { accounts: found, accountsTotal } = forecast;
  const headline = `${accountsTotal === 1 ? '1 account matches' : `${accountsTotal} accounts match`} ${client.text} on ${server}, now or after a flush.`;
  const cells = found.map(({ account, now, afterFlush }) => ({
    server,
    account: accountName(account),
    now,
    afterFlush,
    locked: account.locked,
    role: account.isRole,
  }));
  const blocks: readonly Block[] = [
    { kind: 'text', spans: text(bold(headline)) },
    ...gaps.map((gap): Block => ({ kind: 'note', spans: text(bold('Not known: '), gap) })),
    ...table(
      ['Account', 'Now', 'After a flush', 'Mark'],
      found.map(({ account, now, afterFlush }) => [
        accountName(account),
        now ? 'chosen' : 'no',
        afterFlush ? 'chosen' : 'no',
        markOf(account),
      ]),
      accountsTotal,
    ),
    ...readAtBlocks(
      evidence.readAt,
      `accounts ${client.text} on ${server}`,
      `List the accounts for ${client.text} again`,
    ),
  ];
  return { message: { headline, blocks }, rows: cells, exit: evidence.entry.known ? 0 : 3 };
}

async function patternsOf({ server }: Target, readAt: Date): Promise<Part> {
  try {
    const [settings, { rows, more }] = await Promise.all([server.settings(), server.allAccounts()]);
    const groups = groupByPattern(rows, settings);
    const total = rows.length + more;
    const headline = `${server.name} has ${total} accounts under ${groups.length}${more > 0 ? ' or more' : ''} host patterns.`;
    const blocks: readonly Block[] = [
      { kind: 'text', spans: text(bold(headline)) },
      ...table(
        ['Host pattern', 'Accounts', 'Mark'],
        groups.map((group) => [`'${group.host}'`, sayUsers(group), group.marks.join('; ')]),
        groups.length,
      ),
      ...readAtBlocks(readAt, `accounts on ${server.name}`, `List host patterns of ${server.name}`),
    ];
    const cells = groups.map(({ host, users, marks }) => ({
      server: server.name,
      host,
      accounts: users.length,
      users: users.slice(0, ROWS_SHOWN),
      marks,
    }));
    return { message: { headline, blocks }, rows: cells, exit: 0 };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return refusal(error.message, 3);
  }
}

function sayUsers({ users }: PatternGroup): string {
  const shown = users.slice(0, 4).map((user) => (user === '' ? '(anonymous)' : user));
  return users.length > 4 ? `${shown.join(', ')} + ${users.length - 4} more` : shown.join(', ');
}

function markOf({ isRole, locked, user }: Account): string {
  if (isRole) return 'role';
  if (locked === true) return 'locked';
  return user === '' ? 'anonymous' : '';
}

function table(
  labels: readonly string[],
  rows: readonly (readonly string[])[],
  total: number,
): readonly Block[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, ROWS_SHOWN);
  const more = total - shown.length;
  const blank = labels.slice(1).map(() => '');
  return [
    {
      kind: 'table',
      columns: labels.map((label) => ({ label, align: 'left' })),
      rows: [...shown, ...(more > 0 ? [[`+ ${more} more`, ...blank]] : [])],
    },
  ];
}
