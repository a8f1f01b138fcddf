import { type Spans, text, user } from '../chat/message.ts';
import type { FlushParts, FlushTarget } from './parts.ts';

/** Who can approve a flush: everybody in APPROVERS but the person who requests it. */

/** More mentions would not fit beside a long reason; use groups for more approvers. */
const NAMED = 40;

/** Mentions of those who can approve. A group stays, although the requester may be in it. */
export function approverSpans(approvers: readonly string[], requester: string): Spans {
  const others = approvers.filter((id) => id !== requester);
  const named = others
    .slice(0, NAMED)
    .flatMap((id, index) => (index === 0 ? [user(id)] : [' ', user(id)]));
  const more = others.length - NAMED;
  return text(...named, ...(more > 0 ? [` + ${more} more`] : []));
}

/** Whether nobody else can approve. false also if a group cannot be read. */
export async function isAlone(
  requester: string,
  { approvers }: Pick<FlushTarget, 'approvers'>,
  { membersOf }: Pick<FlushParts, 'membersOf'>,
): Promise<boolean> {
  const others = approvers.filter((id) => id !== requester);
  if (others.length === 0) return true;
  const isGroup = (id: string) => id.startsWith('S');
  if (!others.every(isGroup)) return false;
  const members = await membersOf(others);
  return members?.every((id) => id === requester) ?? false;
}
