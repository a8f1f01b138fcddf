import { subSeconds } from 'date-fns/subSeconds';
import { listed, utc } from '../chat/lists.ts';
import { shorten } from '../chat/words.ts';

/**
 * What identifies a server. No single fact does: MariaDB makes server_uid from the MAC address and
 * the port, so two containers can share it, and a cloned disk keeps its server_uuid.
 */
export interface ServerIdentity {
  /** MySQL's; null = the server has none. */
  readonly uuid: string | null;
  /** MariaDB's; null = the server has none (before 10.6), or does not know it (no MAC address). */
  readonly uid: string | null;
  readonly hostname: string;
  readonly port: string;
  readonly datadir: string;
  readonly serverId: string;
  /** By the server's own clock, as `readAt`. */
  readonly startedAt: Date;
  readonly readAt: Date;
}

/** How a request names its server. A text was stored by an older version, which compared less. */
export type StoredIdentity = ServerIdentity | string;

/** Accepted difference between two readings of one start time. */
const CLOCK_SECONDS = 3;

/** Times are rounded to seconds. */
const ROUNDING_SECONDS = 1;

/** In the order in which a person looks at them. */
const FACTS = [
  ['hostname', 'hostname'],
  ['port', 'port'],
  ['datadir', 'datadir'],
  ['server_id', 'serverId'],
  ['server_uuid', 'uuid'],
  ['server_uid', 'uid'],
] as const;

const FACTS_NAMED = 3;

/** Why this may not be the server that was seen, in words; null = it is. A restart changes nothing. */
export function otherServer(seen: StoredIdentity, now: ServerIdentity): string | null {
  if (!isIdentity(seen))
    return 'an older version stored the request, without all that tells servers apart';
  const facts = differences(seen, now);
  if (facts.length === 0) return null;
  return `a different server answers under this name: ${listed(facts, FACTS_NAMED)}`;
}

/** `hostname db1 -> db2`: what shows that these are two servers; empty = it is one. */
export function differences(seen: ServerIdentity, now: ServerIdentity): readonly string[] {
  const differing = FACTS.filter(([, key]) => seen[key] !== now[key]).map(
    ([name, key]) => `${name} ${sayFact(seen[key])} -> ${sayFact(now[key])}`,
  );
  return differing.length > 0 ? differing : differingStart(seen, now);
}

/** `db1:3306`; null = stored by an older version. */
export function labelOfServer(identity: StoredIdentity): string | null {
  if (!isIdentity(identity)) return null;
  return shorten(`${identity.hostname}:${identity.port}`);
}

function isIdentity(stored: unknown): stored is ServerIdentity {
  if (typeof stored !== 'object' || stored === null) return false;
  const { startedAt, readAt }: Partial<Record<string, unknown>> = { ...stored };
  return startedAt instanceof Date && readAt instanceof Date;
}

function differingStart(seen: ServerIdentity, now: ServerIdentity): readonly string[] {
  const apartMs = now.startedAt.getTime() - seen.startedAt.getTime();
  if (Math.abs(apartMs) <= CLOCK_SECONDS * 1000) return [];
  const isNamed = now.uuid !== null || now.uid !== null;
  // The server that was seen ran at that time, so another that already ran then is not its restart.
  const isLater = now.startedAt >= subSeconds(seen.readAt, ROUNDING_SECONDS);
  if (isNamed && isLater) return [];
  const start = `start time ${utc(seen.startedAt)} -> ${utc(now.startedAt)}`;
  return [
    isLater ? `${start} (without server_uid a restart is not told from another server)` : start,
  ];
}

function sayFact(value: string | null): string {
  return value === null ? 'missing' : shorten(value);
}
