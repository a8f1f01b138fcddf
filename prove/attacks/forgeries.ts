// Forged and misplaced approvals: after each of them the request must be as it was. Does I/O.
import { pause } from '../../src/chat/waiting.ts';
import { anybody, approver, outsider } from './persons.ts';
import { actionOf, click, deliver, frame, type Scene, send, submitted, typed } from './scene.ts';
import { ALIAS } from './stage.ts';
import { forgedValue, sameValue } from './values.ts';

function elsewhere({ stage, lane }: Scene): readonly string[] {
  return stage.lanes.flatMap(({ server }) => (server === lane.server ? [] : [server]));
}

const UNHEARD_MS = 50;

/** A ts that is not the card's: another message, an earlier card, one of the future. */
function otherTs({ card, random }: Scene): string {
  const shiftS = random.pick([-86_400, -3600, -61, -1, 1, 61, 3600]);
  return `${(Number(card.ts) + shiftS).toFixed(6)}`;
}

export async function outsiderClicks(scene: Scene): Promise<void> {
  const { random, id, card } = scene;
  const value = sameValue(random, id);
  const isEphemeral = random.chance(0.3);
  await send(scene, click(scene, outsider(scene), { value, isEphemeral, ts: card.ts }));
}

export async function aliasClicks(scene: Scene): Promise<void> {
  await send(scene, click(scene, ALIAS, { value: sameValue(scene.random, scene.id) }));
}

export async function forgedValueClicked(scene: Scene): Promise<void> {
  const value = forgedValue(scene.random, scene.id, elsewhere(scene));
  await send(scene, click(scene, anybody(scene), { value }));
}

/** The right person and the right value, on a message that is not the card. */
export async function otherMessageClicked(scene: Scene): Promise<void> {
  await send(scene, click(scene, approver(scene), { ts: otherTs(scene) }));
}

/** A private card is anywhere, so only its age tells: this one was shown before the request was made. */
export async function olderPrivateCard(scene: Scene): Promise<void> {
  const { card, random } = scene;
  const ts = (Number(card.ts) - random.between(120, 90_000)).toFixed(6);
  await send(scene, click(scene, approver(scene), { ts, isEphemeral: true }));
}

/** The list of actions or the person edited, so that another field says who or what. */
export async function editedPayload(scene: Scene): Promise<void> {
  const { random, id, stage, card } = scene;
  const { bob, alice } = stage.people;
  const approve = actionOf(scene, `approve ${id}`);
  const harmless = actionOf(scene, `history on ${scene.lane.server}`);
  const option = { value: `approve ${id}`, text: { type: 'plain_text', text: 'Approve' } };
  const byBob = { id: alice, username: 'bob', name: 'bob', real_id: bob, team_id: 'T0SANDBOX' };
  const message = { type: 'message', ts: card.ts, user: bob, text: card.text, blocks: [] };
  const [user, more] = random.pick<readonly [string, object]>([
    [bob, { actions: [harmless, approve] }],
    [bob, { actions: [] }],
    [bob, { actions: [{ ...harmless, confirm: approve, selected_option: option }] }],
    [alice, { actions: [{ ...approve, value: undefined, selected_option: option }] }],
    [alice, { user: byBob }],
    [alice, { message, actions: [approve] }],
    [alice, { user_id: bob, user_name: 'bob', authorizations: [{ user_id: bob }] }],
    [bob, { user: { id: [bob] } }],
    [bob, { container: null }],
    [bob, { container: { type: 'message', message_ts: 1, channel_id: card.channel } }],
  ]);
  await send(scene, click(scene, user, { more }));
}

/** No listener hears of some of these, so nothing acknowledges them. */
export async function unheardPayload(scene: Scene): Promise<void> {
  const { random, id, stage, lane } = scene;
  const more = random.pick<object>([
    { user: null },
    { type: 'block_suggestion', value: `approve ${id}` },
    { type: 'interactive_message', callback_id: 'x' },
    { type: 'view_closed', view: { id: 'V1', callback_id: 'asks' } },
    { type: 'shortcut', callback_id: `approve ${id}` },
  ]);
  const what = click(scene, stage.people.bob, { more });
  void deliver(stage, lane, what, random.pick(['socket', 'http'] as const));
  await pause(UNHEARD_MS);
  await stage.settled();
}

export async function typedApprove(scene: Scene): Promise<void> {
  const { random, id, stage, lane } = scene;
  const { socket } = { socket: random.chance(0.5) };
  const text = random.chance(0.5) ? sameValue(random, id) : forgedValue(random, id, ['s0']);
  const user = anybody(scene);
  if (!socket || !stage.peer.workspace.users.has(user))
    return send(scene, typed(scene, user, text));
  await stage.peer.command(user, lane.channel, `/hostcache ${text}`);
  await stage.settled();
}

/** Only people who may approve nothing: an approver may reject by a typed line. */
export async function typedReject(scene: Scene): Promise<void> {
  const { id, stage, random } = scene;
  const { alice, dave, gus, sam, bert, del } = stage.people;
  const user = random.pick([alice, dave, gus, sam, bert, del]);
  const what = random.chance(0.5)
    ? typed(scene, user, `reject ${id} no`)
    : click(scene, user, { value: `reject ${id} no` });
  await send(scene, what);
}

export async function mentionedApprove(scene: Scene): Promise<void> {
  const { stage, card, random, id } = scene;
  const { workspace } = stage.peer;
  const ts = `${Math.floor(Date.now() / 1000)}.${random.between(100_000, 999_999)}`;
  const text = `<@${workspace.bot.userId}> ${sameValue(random, id)}`;
  const event = {
    type: 'app_mention',
    ...{ user: anybody(scene), text, ts, event_ts: ts, channel: card.channel },
    ...(random.chance(0.5) && { thread_ts: card.ts }),
    blocks: [],
  };
  const { team, bot } = workspace;
  const frame = { token: 'proves nothing', team_id: team.id, api_app_id: bot.appId };
  const authorizations = [{ team_id: team.id, user_id: bot.userId, is_bot: true }];
  const payload = { ...frame, type: 'event_callback', event_id: `Ev${ts}`, event, authorizations };
  await send(scene, { type: 'events_api', payload });
}

export async function clickedAtHome(scene: Scene): Promise<void> {
  const view = { type: 'home', id: 'V0HOME', private_metadata: '', state: { values: {} } };
  const more = {
    view,
    container: { type: 'view', view_id: 'V0HOME' },
    channel: undefined,
    message: undefined,
  };
  await send(scene, click(scene, anybody(scene), { more }));
}

/** A line in the metadata of a form counts as typed; and it runs as the person who submits. */
export async function submittedApprove(scene: Scene): Promise<void> {
  const { random, id, stage } = scene;
  const line = random.chance(0.7) ? sameValue(random, id) : forgedValue(random, id, ['s0']);
  const metadata = random.pick<object>([
    {},
    { user: stage.people.bob },
    { shownAtMs: Date.now() },
    { thread: null },
  ]);
  await send(scene, submitted(scene, anybody(scene), line, metadata));
}

export async function shortcutOnText(scene: Scene): Promise<void> {
  const { card, id, random } = scene;
  const text = `${sameValue(random, id)}\nHost '192.0.2.7' is not allowed to connect`;
  const payload = {
    ...frame(scene, anybody(scene)),
    type: 'message_action',
    callback_id: 'explain_mysql_error',
    channel: { id: card.channel, name: scene.lane.server },
    message: { type: 'message', ts: card.ts, text, blocks: [] },
  };
  await send(scene, { type: 'interactive', payload });
}

/** An approver's own click, but not signed by Slack, or long ago. */
export async function badlySigned(scene: Scene): Promise<void> {
  const { stage, lane, random } = scene;
  const nowS = Math.floor(Date.now() / 1000);
  const forgery = random.pick([
    { secret: 'c0ffee00c0ffee00c0ffee00c0ffee01' },
    { secret: '' },
    { signature: null },
    { signature: '' },
    { signature: 'v0=' },
    { signature: `v0=${'0'.repeat(64)}` },
    { signature: 'v1=x' },
    { timestamp: null },
    { timestamp: '' },
    { timestamp: 'NaN' },
    { timestamp: String(nowS - 301 - random.between(1, 9000)) },
    { timestamp: String(nowS + 310 + random.between(1, 9000)) },
    { mangle: (body: string) => body.replace('U0DAVE', 'U0BOB') },
    { mangle: (body: string) => `${body}&payload=x` },
  ]);
  const isMangled = 'mangle' in forgery;
  const sent = click(scene, isMangled ? stage.people.dave : approver(scene));
  const status = await deliver(stage, lane, sent, 'http', forgery);
  if (status === null)
    throw new Error(`a badly signed request was accepted: ${JSON.stringify(forgery)}`);
  await stage.settled();
}
