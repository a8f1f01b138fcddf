/** The Events API: opened App Homes and messages. Each event is delivered until acknowledged, with three retries. */
import { randomUUID } from 'node:crypto';
import type { Deliver, Delivery, Receipt } from './delivery.ts';
import { known, openDirectMessages } from './furnish.ts';
import { createInteraction, type Interaction } from './interaction.ts';
import { eventsOf } from './mention-event.ts';
import type { Message } from './message.ts';
import { eventPayload, viewInPayload } from './payloads.ts';
import { refuse, refused, type Slack } from './slack.ts';
import { edit, findMessage, nextTs, post } from './workspace-state.ts';

/** What a message has beside its text. The peer does not check it: it is not from the app under test. */
export interface Said extends Partial<Pick<Message, 'blocks' | 'attachments' | 'files'>> {
  readonly threadTs?: string;
}

export interface Events {
  /** Opens App Home. Resolves after the first delivery; retries may follow. */
  openHome(as: string): Promise<Interaction>;
  /** Writes a message. The app gets only the events that its manifest subscribes to. */
  say(as: string, channel: string, text: string, how?: Said): Message;
  /** Edits a message, as the person who wrote it. */
  rewrite(message: Message, text: string): Message;
  /** Delivers the last event of a message once more, as Slack does if the acknowledgement was lost. */
  redeliver(message: Message): Promise<Receipt>;
  readonly stop: () => void;
}

/** Almost at once, after one minute, after five. https://docs.slack.dev/apis/events-api/#retries */
export const RETRIES_MS: readonly number[] = [100, 60_000, 300_000];

export function createEvents(
  slack: Slack,
  deliver: Deliver,
  retriesMs: readonly number[] = RETRIES_MS,
): Events {
  const timers = new Set<NodeJS.Timeout>();
  const courier: Courier = { slack, deliver, retriesMs, timers, last: new Map() };
  return {
    openHome: (as) => openHome(courier, as),
    say: (as, channel, text, how) => say(courier, as, channel, text, how ?? {}),
    rewrite: (message, text) => rewrite(courier, message, text),
    redeliver: (message) => redeliver(courier, message),
    stop: () => {
      for (const timer of timers) {
        clearTimeout(timer);
      }
    },
  };
}

interface Courier {
  readonly slack: Slack;
  readonly deliver: Deliver;
  readonly retriesMs: readonly number[];
  readonly timers: Set<NodeJS.Timeout>;
  /** The last event of each message, by its ts. */
  readonly last: Map<string, Delivery>;
}

async function openHome(courier: Courier, as: string): Promise<Interaction> {
  const { slack } = courier;
  const user = known(slack.state.users, as);
  const home = slack.state.homes.get(as);
  const event = {
    type: 'app_home_opened',
    user: user.id,
    channel: openDirectMessages(slack.state, user.id).id,
    tab: 'home',
    ...(home !== undefined && { view: viewInPayload(slack, home, {}) }),
    event_ts: nextTs(slack.state),
  };
  const delivery = deliveryOf(slack, event);
  const isWanted = slack.declared.botEvents.includes('app_home_opened');
  const receipt: Receipt = isWanted
    ? await attempt(courier, delivery)
    : { body: undefined, error: 'not_subscribed' };
  const act = { id: `I-${randomUUID()}`, user: user.id, delivery, responseUrl: null };
  return createInteraction(slack, act, receipt, receipt.error);
}

function say(courier: Courier, as: string, channelId: string, text: string, how: Said): Message {
  const { slack } = courier;
  const user = known(slack.state.users, as);
  const channel = known(slack.state.channels, channelId);
  const message: Message = {
    kind: 'message',
    channel: channel.id,
    ts: nextTs(slack.state),
    user: user.id,
    byApp: false,
    text,
    blocks: [],
    isBroadcast: false,
    metadata: null,
    files: [],
    ...how,
    threadTs: how.threadTs ?? null,
    reactions: [],
    edits: 0,
    postedAt: slack.state.clock(),
  };
  post(slack.state, message, { how: 'person', interaction: null });
  announce(courier, message, null);
  return message;
}

function rewrite(courier: Courier, { channel, ts }: Message, text: string): Message {
  const { state } = courier.slack;
  const message = findMessage(state, channel, ts);
  if (message === undefined) throw new Error(`sandbox Slack: there is no message ${ts}`);
  const edited = { ...message, text, edits: message.edits + 1 };
  edit(state, edited, { how: 'person', interaction: null });
  announce(courier, edited, nextTs(state));
  return edited;
}

/** The person does not wait for the app; `attempt` retries a failed delivery. */
function announce(courier: Courier, message: Message, editedTs: string | null): void {
  for (const event of eventsOf(courier.slack, message, editedTs)) {
    const delivery = deliveryOf(courier.slack, event);
    courier.last.set(message.ts, delivery);
    void attempt(courier, delivery);
  }
}

async function redeliver(courier: Courier, { ts }: Message): Promise<Receipt> {
  const delivery = courier.last.get(ts);
  if (delivery === undefined) throw new Error(`sandbox Slack: no event was sent for ${ts}`);
  return await courier.deliver({ ...delivery, retry: { attempt: 1, reason: 'timeout' } });
}

function deliveryOf(slack: Slack, event: object): Delivery {
  return { type: 'events_api', payload: eventPayload(slack, event), acceptsBody: false };
}

/** Delivers once. After a failure it schedules the next retry, with its number and reason. */
async function attempt(courier: Courier, delivery: Delivery, number = 0): Promise<Receipt> {
  const { slack, deliver, retriesMs, timers } = courier;
  const receipt = await deliver(delivery);
  if (receipt.error === null && receipt.body !== undefined) {
    refuse(slack, 'ack', refused('payload_not_accepted', ['expected no body']), receipt.body);
  }
  const waitMs = retriesMs[number];
  if (receipt.error !== null && waitMs !== undefined) {
    const reason = receipt.error === 'operation_timeout' ? 'timeout' : 'http_error';
    const again = { ...delivery, retry: { attempt: number + 1, reason } };
    const timer = setTimeout(() => {
      timers.delete(timer);
      void attempt(courier, again, number + 1);
    }, waitMs);
    timers.add(timer.unref());
  }
  return receipt;
}
