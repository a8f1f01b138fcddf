import type { People, Standing, Told } from '../../src/chat/people.ts';

export interface FakeWorkspace {
  /** A person who is not listed cannot be read. */
  readonly standings?: Readonly<Record<string, Standing>>;
  /** Members by group; a group that is not here cannot be read. */
  /** Other ids of a person, as the answer about them says. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
  readonly groups?: Readonly<Record<string, readonly string[]>>;
}

/** People and groups in memory. */
export function createFakePeople({
  standings = {},
  aliases = {},
  groups = {},
}: FakeWorkspace): People {
  async function told<T>(value: T | undefined, why: string): Promise<Told<T>> {
    return value === undefined ? { known: false, why } : { known: true, value };
  }
  return {
    find: (user) => told(standings[user], 'users.info: no answer'),
    idsOf: (user) =>
      told(standings[user] && new Set([user, ...(aliases[user] ?? [])]), 'users.info: no answer'),
    members: (group) => {
      const ids = groups[group];
      return told(ids && new Set(ids), 'usergroups.users.list: missing_scope');
    },
  };
}
