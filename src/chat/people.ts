/** Who people are, as the chat platform says it now; never older than a minute. */
export interface People {
  /** Never rejects: what cannot be read is not known, and who is not known may nothing. */
  find(user: string): Promise<Told<Standing>>;
  /** The ids of the people in a user group. Never rejects. */
  members(group: string): Promise<Told<ReadonlySet<string>>>;
}

/** What somebody is in this workspace; a full member is a `member`, an admin too. */
export type Standing = 'member' | 'guest' | 'bot' | 'stranger' | 'deactivated';

/** The platform said it, or why it did not. */
export type Told<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly why: string };

/** Ids of user groups begin so; those of people with U or W. */
const GROUP = /^S/;

/**
 * Whether the person is one of these people, or in one of these user groups: for OPERATORS and
 * APPROVERS. Unknown only where it hangs on a group that cannot be read.
 */
export async function isAmong(
  user: string,
  ids: readonly string[],
  people: People,
): Promise<Told<boolean>> {
  if (ids.includes(user)) return { known: true, value: true };
  const groups = ids.filter((id) => GROUP.test(id));
  const read = await Promise.all(groups.map((group) => people.members(group)));
  if (read.some((members) => members.known && members.value.has(user))) {
    return { known: true, value: true };
  }
  return read.find((members) => !members.known) ?? { known: true, value: false };
}
