/** Which messages a conversation and a thread show, in order. */
import type { Shown } from '../shape.ts';

/** Root messages, broadcast replies, and messages that only this person sees. */
export function timelineOf(shown: readonly Shown[], channel: string): readonly Shown[] {
  return shown.filter(
    (one) => one.channel === channel && (one.threadTs === null || one.isBroadcast),
  );
}

export function threadOf(shown: readonly Shown[], channel: string, ts: string): readonly Shown[] {
  return shown.filter(
    (one) =>
      one.channel === channel && (one.threadTs === ts || (one.ts === ts && one.threadTs === null)),
  );
}

/**
 * `2 replies`; null = nobody replied. As in Slack, a message that only this person sees does not
 * count: in the channel nothing shows that it is in the thread.
 */
export function repliesTo(shown: readonly Shown[], root: Shown): string | null {
  if (root.kind === 'ephemeral' || root.threadTs !== null) return null;
  const replies = threadOf(shown, root.channel, root.ts).filter(({ ts }) => ts !== root.ts);
  const count = replies.filter(({ kind }) => kind === 'message').length;
  if (count === 0) return null;
  return count === 1 ? '1 reply' : `${count} replies`;
}

/** The ts of the newest message in a conversation; '' = it is empty. */
export function newestIn(shown: readonly Shown[], channel: string): string {
  return timelineOf(shown, channel).at(-1)?.ts ?? '';
}
