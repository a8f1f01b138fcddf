import type { HomePart } from '../chat/home.ts';
import { moreNote } from '../chat/listing.ts';
import { count } from '../chat/lists.ts';
import { type Block, bold, note, paragraph } from '../chat/message.ts';
import type { ReadingParts } from '../chat/on-servers.ts';
import type { Target } from '../diagnosis/gather.ts';
import type { AuditParts } from './audit-facts.ts';
import { sayChanges } from './audit-messages.ts';
import { namedChanges, weekBefore } from './changes.ts';
import { type AccessDay, dayOf } from './record.ts';
import type { AccessReading } from './stores.ts';

/** App Home's accounts, from the record of the sweeps. It asks no server, so none can delay it. */

const SERVERS = 5;

type HomeParts = AuditParts & Pick<ReadingParts<Target>, 'targets'>;

export function createAccessHome(parts: HomeParts): HomePart {
  return { title: 'Accounts', blocks: () => accountBlocks(parts) };
}

async function accountBlocks({ targets, access, now }: HomeParts): Promise<readonly Block[]> {
  const since = weekBefore(now());
  const read = targets.slice(0, SERVERS).map(async ({ server: { name } }) => {
    const reading = await access.reading(name);
    return reading === null
      ? []
      : serverBlocks(name, reading, await access.days(name, dayOf(since)), since);
  });
  const blocks = (await Promise.all(read)).flat();
  if (blocks.length === 0) return [note('Nothing is recorded yet.')];
  return [...blocks, ...moreNote(targets, SERVERS)];
}

function serverBlocks(
  server: string,
  { accounts }: AccessReading,
  days: readonly AccessDay[],
  since: Date,
): readonly Block[] {
  const used = new Set(
    days.flatMap(({ uses }) => uses.filter(isUsed).map(({ account }) => account)),
  );
  used.delete(null);
  const total = accounts?.filter(({ isRole }) => !isRole).length ?? null;
  const of =
    total === null ? count(used.size, 'account') : `${used.size} of ${count(total, 'account')}`;
  const changes = sayChanges(namedChanges(days, since));
  const says = ` ${of} logged in within 7 days${changes === null ? '' : `; ${changes}`}.`;
  const button = {
    label: 'Audit',
    line: `audit on ${server}`,
    says: `Audit accounts of ${server}`,
  };
  return [paragraph(bold(server), says), { kind: 'buttons', buttons: [button] }];
}

function isUsed({ logins, lastLoginAt }: AccessDay['uses'][number]): boolean {
  return logins > 0 || lastLoginAt !== null;
}
