import { type Spans, text, user } from '../chat/message.ts';
import { isGroup } from '../chat/people.ts';
import type { FlushParts, FlushTarget } from './parts.ts';
import type { Decider, FlushRequest } from './request.ts';

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

/** The approvers, among whom the requester has the id of the request: nobody is to wait for them. */
export async function withOneRequester(
  { approvers }: Pick<FlushTarget, 'approvers'>,
  requester: string,
  { isSamePerson }: Pick<FlushParts, 'isSamePerson'>,
): Promise<Pick<FlushTarget, 'approvers'>> {
  const asShown = approvers.map(async (id) => {
    const isRequester = !isGroup(id) && (await isSamePerson(id, requester)) === true;
    return isRequester ? requester : id;
  });
  return { approvers: await Promise.all(asShown) };
}

/** Compares the person with a request. This is the only place where a decider is compared. */
export async function deciderOf(
  by: string,
  { requester }: Pick<FlushRequest, 'requester'>,
  { approvers }: Pick<FlushTarget, 'approvers'>,
  { isSamePerson, isAmong }: Pick<FlushParts, 'isSamePerson' | 'isAmong'>,
): Promise<Decider> {
  const [isRequester, isApprover] = await Promise.all([
    isSamePerson(by, requester),
    isAmong(by, approvers),
  ]);
  return { isRequester, isApprover };
}

/** Whether nobody else can approve. false also if a group cannot be read. */
export async function isAlone(
  requester: string,
  { approvers }: Pick<FlushTarget, 'approvers'>,
  { membersOf, isSamePerson }: Pick<FlushParts, 'membersOf' | 'isSamePerson'>,
): Promise<boolean> {
  const members = approvers.length === 0 ? [] : await membersOf(approvers);
  if (members === null) return false;
  for (const id of members) if ((await isSamePerson(id, requester)) !== true) return false;
  return true;
}
