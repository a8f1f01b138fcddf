import { type PeerOptions, type SlackPeer, startSlackPeer } from '../sandbox/slack/peer.ts';

/** A Slack that is not told from a busy machine: what comes after three seconds is in time, what never comes is not. */
export function startPeer(options: PeerOptions = {}): Promise<SlackPeer> {
  return startSlackPeer({ deadlineMs: 60_000, ...options });
}
