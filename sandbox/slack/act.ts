/** The parts that all acts of a person share: the person, the delivery to the app, the acknowledgement. */
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

/** What a click is in: a message (by channel and ts), an ephemeral message, a modal or App Home. */
export type Place =
  | { readonly channel: string; readonly ts: string; readonly kind?: 'message' }
  | { readonly kind: 'ephemeral'; readonly id: string }
  | { readonly kind: 'view'; readonly id: string };

export interface Acting {
  readonly slack: Slack;
  readonly deliver: Deliver;
}

/** An act in progress: the person, and the id that all its results refer to. */
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

/** Delivers the act, waits for the acknowledgement, applies it, and records a failure that the person sees. */
export async function perform(
  acting: Acting,
  begun: Begun,
  what: Performance,
): Promise<Interaction> {
  const { slack, deliver } = acting;
  const { type, payload, to, responseUrl } = what;
  const delivery: Delivery = { type, payload, acceptsBody: acceptsBody(type, to) };
  const receipt = await deliver(delivery);
  const failure = receipt.error ?? acknowledge(slack, to, receipt.body);
  if (failure !== null) {
    fail(slack, begun, failure);
  }
  const { id, user } = begun;
  return createInteraction(slack, { id, user: user.id, delivery, responseUrl }, receipt, failure);
}

/** The result of an act that never reached the app. */
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

/** What this person sees at that place. Throws when nothing is there, or when this person cannot see it. */
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

/** Earlier states of the same thing, latest first. A slow client may still show one of them. */
export function earlier(
  slack: Slack,
  shown: Message | Ephemeral | View,
): readonly (Message | Ephemeral | View)[] {
  return slack.state.happenings
    .flatMap((one) => {
      if (one.kind === 'forgotten') return [];
      return 'message' in one ? one.message : 'view' in one ? one.view : one.ephemeral;
    })
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

/** The failure that the person sees; null = none. */
function acknowledge(slack: Slack, to: Addressee, body: unknown): string | null {
  const outcome = takeAcknowledgement(slack, to, body);
  refuse(slack, 'ack', outcome, body);
  // If the body is ignored, a refusal of it is invisible to the person.
  return outcome.kind === 'refused' && to.kind !== 'nobody' ? outcome.error : null;
}

function fail({ state, failures }: Slack, { id, user }: Begun, error: string): void {
  failures.push({ at: state.clock(), user: user.id, error, interaction: id });
  changed(state);
}
