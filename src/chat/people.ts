/** Who people are according to the chat platform; at most one minute old. */
export interface People {
  /** Never rejects: what cannot be read is not known, and an unknown person may do nothing. */
  find(user: string): Promise<Told<Standing>>;
  /**
   * Every id of this person, with this one: in an Enterprise organisation a person has an id in each
   * workspace and another in the organisation (W…). Never rejects.
   */
  idsOf(user: string): Promise<Told<ReadonlySet<string>>>;
  /** The ids of the people in a user group. Never rejects. */
  members(group: string): Promise<Told<ReadonlySet<string>>>;
}

/** A person's status in this workspace; `member` is a full member, including admins. */
export type Standing = 'member' | 'guest' | 'bot' | 'stranger' | 'deactivated';

/** A fact from the platform, or why it is not known. */
export type Told<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly why: string };

/** Ids of user groups begin with S; those of people begin with U or W. */
export function isGroup(id: string): boolean {
  return id.startsWith('S');
}

/**
 * Whether two ids belong to one person. Both are looked up, because the platform may name the second
 * id only in its answer about the first. Never rejects.
 */
export async function isSamePerson(
  one: string,
  other: string,
  people: Pick<People, 'idsOf'>,
): Promise<Told<boolean>> {
  if (one === other) return { known: true, value: true };
  const [ids, others] = await Promise.all([people.idsOf(one), people.idsOf(other)]);
  if (!ids.known) return ids;
  if (!others.known) return others;
  return { known: true, value: [...ids.value].some((id) => others.value.has(id)) };
}

/**
 * Whether the person is one of these people or in one of these user groups (OPERATORS, APPROVERS),
 * under any id. Not known only if it depends on something that cannot be read. Never rejects.
 */
export async function isAmong(
  user: string,
  ids: readonly string[],
  people: Pick<People, 'idsOf' | 'members'>,
): Promise<Told<boolean>> {
  const yes = { known: true, value: true } as const;
  if (ids.includes(user)) return yes;
  const groups = ids.filter(isGroup);
  const named = ids.filter((id) => !isGroup(id));
  const [own, ...read] = await Promise.all([
    people.idsOf(user),
    ...groups.map((group) => people.members(group)),
  ]);
  const isTheirs = (id: string) => id === user || (own.known && own.value.has(id));
  const listed = [...named, ...read.flatMap((group) => (group.known ? [...group.value] : []))];
  if (listed.some(isTheirs)) return yes;
  const unread = [own, ...read].find((each) => !each.known);
  if (unread !== undefined && !unread.known) return unread;
  const same = await Promise.all(named.map((id) => isSamePerson(user, id, people)));
  return same.some((each) => each.known && each.value) ? yes : { known: true, value: false };
}
