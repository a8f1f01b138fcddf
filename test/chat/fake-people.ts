import type { People, Standing, Told } from '../../src/chat/people.ts';

export interface FakeWorkspace {
  /** A person who is not listed cannot be read. */
  readonly standings?: Readonly<Record<string, Standing>>;
  /** Members by group; a group that is not here cannot be read. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
}

/** People and groups in memory. */
export function createFakePeople({ standings = {}, groups = {} }: FakeWorkspace): People {
  async function told<T>(value: T | undefined, why: string): Promise<Told<T>> {
    return value === undefined ? { known: false, why } : { known: true, value };
  }
  return {
    find: (user) => told(standings[user], 'users.info: no answer'),
    members: (group) => {
      const ids = groups[group];
      return told(ids && new Set(ids), 'usergroups.users.list: missing_scope');
    },
  };
}
