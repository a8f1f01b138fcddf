/** What every act of a person shares: who, the way to the app, and what becomes of the acknowledgement. */
import { randomUUID } from 'node:crypto';
import { type Addressee, acceptsBody, takeAcknowledgement } from './acknowledgement.ts';
import type { Channel } from './channel.ts';
import type { Deliver, Delivery, Receipt } from './delivery.ts';
import { known } from './furnish.ts';
import { createInteraction, type Interaction } from './interaction.ts';
import type { Ephemeral, Message } from './message.ts';
import type { User } from './people.ts';
import { giveHook } from './response-url.ts';
import { type Hook, refuse, type Slack } from './slack.ts';
import { giveTrigger } from './triggers.ts';
import type { View } from './view.ts';
import { changed, findMessage } from './workspace-state.ts';

/** Where a click falls: a message (its channel and ts), an ephemeral one, a modal or App Home. */
export type Place =
  | { readonly channel: string; readonly ts: string; readonly kind?: 'message' }
  | { readonly kind: 'ephemeral'; readonly id: string }
  | { readonly kind: 'view'; readonly id: string };

export interface Acting {
  readonly slack: Slack;
  readonly deliver: Deliver;
}

/** An act under way: who, and the id under which everything that comes of it is kept. */
export interface Begun {
  readonly id: string;
  readonly user: User;
  readonly triggerId: string;
}

export interface Performance {
  readonly type: Delivery['type'];
  readonly payload: object;
  readonly to: Addressee;
  readonly responseUrl: string | null;
}

export function begin(slack: Slack, as: string): Begun {
  const user = known(slack.state.users, as);
  const id = `I-${randomUUID()}`;
  return { id, user, triggerId: giveTrigger(slack, user.id, id).id };
}

/** Delivers, waits for the acknowledgement, does what it says, and notes what the person saw fail. */
export async function perform(
  acting: Acting,
  begun: Begun,
  what: Performance,
): Promise<Interaction> {
  const { slack, deliver } = acting;
  const { type, payload, to, responseUrl } = what;
  const delivery: Delivery = { type, payload, acceptsBody: acceptsBody(type, to) };
  const receipt = await deliver(delivery);
  const failure = receipt.error ?? heed(slack, to, receipt.body);
  if (failure !== null) {
    fail(slack, begun, failure);
  }
  const { id, user } = begun;
  return createInteraction(slack, { id, user: user.id, delivery, responseUrl }, receipt, failure);
}

/** An act that never reached the app. */
export function nothing(
  slack: Slack,
  begun: Begun,
  delivery: Delivery,
  error: string,
): Interaction {
  fail(slack, begun, error);
  const receipt: Receipt = { body: undefined, error };
  const { id, user } = begun;
  return createInteraction(
    slack,
    { id, user: user.id, delivery, responseUrl: null },
    receipt,
    error,
  );
}

/** What stands there before that person; an error when nothing does, or not before this one. */
export function standing(slack: Slack, user: User, where: Place): Message | Ephemeral | View {
  const { state } = slack;
  const found =
    where.kind === 'ephemeral' || where.kind === 'view'
      ? [...state.ephemerals, ...state.modals.values(), ...state.homes.values()].find(
          (one) => one.id === where.id && one.user === user.id,
        )
      : findMessage(state, where.channel, where.ts);
  if (found === undefined) {
    throw new Error(`sandbox Slack: ${user.name} sees nothing at ${JSON.stringify(where)}`);
  }
  const channel = found.kind === 'message' ? state.channels.get(found.channel) : undefined;
  if (channel !== undefined && channel.kind !== 'public' && !channel.members.has(user.id)) {
    throw new Error(`sandbox Slack: ${user.name} is not in ${channel.name}`);
  }
  return found;
}

/** How the same looked before, the latest first: what a client shows that has not caught up. */
export function earlier(
  slack: Slack,
  shown: Message | Ephemeral | View,
): readonly (Message | Ephemeral | View)[] {
  return slack.state.happenings
    .map((one) => ('message' in one ? one.message : 'view' in one ? one.view : one.ephemeral))
    .filter((one) =>
      one.kind === 'message'
        ? shown.kind === 'message' && one.ts === shown.ts && one.channel === shown.channel
        : shown.kind !== 'message' && one.id === shown.id,
    )
    .reverse();
}

export function hookFor(
  slack: Slack,
  begun: Begun,
  channel: Channel,
  clicked: Message | Ephemeral | null,
): { readonly hook: Hook; readonly url: string } {
  return giveHook(slack, {
    user: begun.user.id,
    channel: channel.id,
    interaction: begun.id,
    clicked:
      clicked?.kind === 'ephemeral'
        ? { kind: 'ephemeral', id: clicked.id }
        : clicked && { kind: 'message', channel: clicked.channel, ts: clicked.ts },
  });
}

function heed(slack: Slack, to: Addressee, body: unknown): string | null {
  const outcome = takeAcknowledgement(slack, to, body);
  refuse(slack, 'ack', outcome, body);
  // Words that nobody hears are lost, but the person sees nothing of it.
  return outcome.kind === 'refused' && to.kind !== 'nobody' ? outcome.error : null;
}

function fail({ state, failures }: Slack, { id, user }: Begun, error: string): void {
  failures.push({ at: state.clock(), user: user.id, error, interaction: id });
  changed(state);
}
