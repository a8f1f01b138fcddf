// One flush request with its card, and the ways to send something to the bots. Does I/O.

import type { Random } from '../../sandbox/random.ts';
import type { Delivery } from '../../sandbox/slack/delivery.ts';
import type { Message } from '../../sandbox/slack/message.ts';
import { type Forgery, postSigned } from '../../sandbox/slack/signed-http.ts';
import type { Lane, Side, Stage } from './stage.ts';

export interface Scene {
  readonly stage: Stage;
  readonly lane: Lane;
  readonly random: Random;
  /** `FR-7`. */
  readonly id: string;
  readonly card: Message;
  /** Everything that was sent, oldest first, for replays. */
  readonly sent: Sent[];
  /** How often the statement had run when the card was posted. */
  readonly truncatesBefore: number;
  /** How far the clocks were moved since the card was posted. */
  movedMs: number;
}

export interface Sent extends Pick<Delivery, 'type' | 'payload'> {
  /** An approver's own click on the card of this request: it counts in time, and as soon as it can be checked. */
  readonly approves?: string;
}

const HTTP_LIMIT_MS = 20_000;

/** Delivers it, and resolves when the bot has done everything about it. */
export async function send(
  { stage, random, sent, lane }: Pick<Scene, 'stage' | 'random' | 'sent' | 'lane'>,
  what: Sent,
  side: Side = random.pick(['socket', 'http'] as const),
): Promise<void> {
  sent.push(what);
  await deliver(stage, lane, what, side);
  await stage.settled();
}

/** Delivers it. null = accepted; otherwise the HTTP status. */
export async function deliver(
  { peer, people, httpAddress }: Stage,
  { channel }: Lane,
  { type, payload }: Sent,
  side: Side,
  forgery?: Forgery,
): Promise<number | null> {
  if (side === 'socket') {
    await peer.forge(people.dave, channel, () => ({ type, payload }));
    return null;
  }
  const delivery = { type, payload, acceptsBody: true };
  const signed = peer.signed({ delivery } as Parameters<typeof peer.signed>[0], forgery);
  const reply = await postSigned(httpAddress(), signed, HTTP_LIMIT_MS);
  return reply?.status === 200 ? null : (reply?.status ?? 0);
}

export interface ClickChange {
  /** Default: the value of the card's button. */
  readonly value?: string;
  /** The message that the button is in; default the card. */
  readonly ts?: string;
  readonly isEphemeral?: boolean;
  /** Fields of the payload to replace. */
  readonly more?: object;
  readonly trigger?: string;
}

/** The payload of a click on the card's button, as Slack sends it, with changes. */
export function click(scene: Scene, user: string, change: ClickChange = {}): Sent {
  const { card, id } = scene;
  const { value = `approve ${id}`, ts = card.ts, isEphemeral = false } = change;
  const action = actionOf(scene, value);
  const payload = {
    type: 'block_actions',
    ...frame(scene, user, change.trigger),
    container: {
      type: 'message',
      message_ts: ts,
      channel_id: card.channel,
      is_ephemeral: isEphemeral,
    },
    channel: { id: card.channel, name: scene.lane.server },
    ...(!isEphemeral && { message: { type: 'message', ts, text: card.text, blocks: card.blocks } }),
    state: { values: {} },
    actions: [action],
    ...change.more,
  };
  return { type: 'interactive', payload };
}

/** What a legitimate approver does. */
export function approval(scene: Scene, user: string): Sent {
  return { ...click(scene, user), approves: scene.id };
}

export function actionOf({ random }: Pick<Scene, 'random'>, value: string): object {
  const text = { type: 'plain_text', text: 'Approve and flush', emoji: true };
  const action_ts = `${Math.floor(Date.now() / 1000)}.${random.between(100_000, 999_999)}`;
  return { type: 'button', action_id: 'b0', block_id: 'b', text, value, action_ts };
}

/** A line that somebody types after /hostcache. */
export function typed(
  scene: Pick<Scene, 'stage' | 'lane' | 'random'>,
  user: string,
  text: string,
): Sent {
  const { stage, lane } = scene;
  const { user: _, team, ...rest } = frame(scene, user);
  const payload = {
    ...rest,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: lane.channel,
    channel_name: lane.server,
    user_id: user,
    user_name: user,
    command: '/hostcache',
    text,
    is_enterprise_install: 'false',
    response_url: `${stage.peer.origin}/commands/T0SANDBOX/none`,
  };
  return { type: 'slash_commands', payload };
}

/** A submitted form, whose metadata Slack returns as the bot has given it, or as somebody has changed it. */
export function submitted(scene: Scene, user: string, line: string, metadata: object = {}): Sent {
  const { card, random } = scene;
  const lacking = {
    line,
    ...{ user, channel: card.channel, thread: card.ts, isClick: true },
    asked: { from: 'click', thread: null },
    ...{ responseUrl: null, heardAtMs: Date.now() },
    ...metadata,
  };
  const view = {
    id: `V${random.between(1_000_000, 9_999_999)}`,
    type: 'modal',
    callback_id: 'asks',
    private_metadata: JSON.stringify(lacking),
    hash: `${Date.now()}.x`,
    state: { values: random.chance(0.5) ? {} : { reason: { answer: { value: 'so' } } } },
  };
  const payload = { type: 'view_submission', ...frame(scene, user), view, response_urls: [] };
  return { type: 'interactive', payload };
}

/** What every payload says of the person, the app and the workspace. */
export function frame(
  { stage, random }: Pick<Scene, 'stage' | 'random'>,
  user: string,
  trigger = `${random.between(1e9, 9e9)}.${random.between(1e9, 9e9)}.${random.between(1e15, 9e15)}`,
) {
  const { peer } = stage;
  const { team, bot } = peer.workspace;
  return {
    user: { id: user, username: user, name: user, team_id: team.id },
    api_app_id: bot.appId,
    token: 'proves nothing',
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: trigger,
    response_url: `${peer.origin}/actions/T0SANDBOX/none`,
  };
}
