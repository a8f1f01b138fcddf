/** Who people are according to the chat platform; at most one minute old. */
export interface People {
  /** Never rejects: what cannot be read is not known, and an unknown person may do nothing. */
  find(user: string): Promise<Told<Standing>>;
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
const GROUP = /^S/;

/**
 * Whether the person is one of these people or in one of these user groups (OPERATORS, APPROVERS).
 * Not known only if it depends on a group that cannot be read. Never rejects.
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
