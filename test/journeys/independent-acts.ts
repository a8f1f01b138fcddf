import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { postSigned, sign } from '../../sandbox/slack/signed-http.ts';
import type { Lack } from './independent-proxy.ts';
import type { IndependentSlack, Name } from './independent-slack.ts';

/** What people do in an independent Slack that does not send it: signed requests to the bot. Does I/O. */

export interface Acts {
  command(as: Name, text: string): Promise<void>;
  /** Clicks the button of a message or view with this label. */
  click(as: Name, on: Clickable, label: string): Promise<void>;
  openHome(as: Name): Promise<void>;
  /** `values` by block id. */
  submit(as: Name, view: View, values: Readonly<Record<string, string>>): Promise<void>;
}

const blocks = z.array(z.looseObject({ type: z.string(), block_id: z.string().exactOptional() }));

export const messageRule = z.looseObject({
  ts: z.string(),
  text: z.string(),
  blocks: blocks.default([]),
  reply_count: z.number().default(0),
  files: z.array(z.looseObject({ url_private: z.string() })).default([]),
});

export const viewRule = z.looseObject({
  id: z.string(),
  type: z.enum(['modal', 'home']),
  blocks,
});

export type Message = z.output<typeof messageRule>;
export type View = z.output<typeof viewRule>;
export type Clickable = Message | View;

/** The bot has a busy machine's time to answer. */
const ACK_MS = 60_000;

export function createActs(slack: IndependentSlack, botUrl: string): Acts {
  const form = (fields: Readonly<Record<string, string>>) => {
    const body = String(new URLSearchParams(fields));
    return send(slack, botUrl, { lack: 'acts', body, type: 'application/x-www-form-urlencoded' });
  };
  const interact = async (as: Name, payload: object) => {
    const shared = { ...frame(slack, as), trigger_id: await trigger(slack, as) };
    await form({ payload: JSON.stringify({ ...shared, ...payload }) });
  };
  return {
    command: async (as, text) => form({ ...(await typed(slack, as)), text }),
    click: (as, on, label) =>
      interact(as, {
        type: 'block_actions',
        ...placeOf(slack, on, as),
        actions: [actionOf(on, label)],
      }),
    submit: (as, view, values) =>
      interact(as, {
        type: 'view_submission',
        view: { ...view, state: { values: stateOf(view, values) } },
        response_urls: [],
      }),
    openHome: (as) => {
      const body = JSON.stringify(openedHome(slack, as));
      return send(slack, botUrl, { lack: 'app_home_opened', body, type: 'application/json' });
    },
  };
}

function frame(slack: IndependentSlack, as: Name): object {
  return {
    api_app_id: slack.appId,
    team: { id: slack.teamId, domain: 'emulate' },
    user: { id: slack.people[as], username: as, name: as, team_id: slack.teamId },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** The trigger is emulate's own, so it checks it when a form is opened. */
async function trigger(slack: IndependentSlack, as: Name): Promise<string> {
  const given = await slack.ask('views.generateTriggerId', { user_id: slack.people[as] });
  return z.string().parse(given['trigger_id']);
}

async function typed(slack: IndependentSlack, as: Name): Promise<Readonly<Record<string, string>>> {
  return {
    command: '/hostcache',
    api_app_id: slack.appId,
    team_id: slack.teamId,
    team_domain: 'emulate',
    channel_id: slack.channel,
    channel_name: 'dba',
    user_id: slack.people[as],
    user_name: as,
    is_enterprise_install: 'false',
    trigger_id: await trigger(slack, as),
    response_url: slack.giveResponseUrl(slack.people[as]),
  };
}

/** https://docs.slack.dev/reference/events/app_home_opened */
function openedHome({ appId, teamId, people }: IndependentSlack, as: Name): object {
  const seconds = Date.now() / 1000;
  return {
    type: 'event_callback',
    api_app_id: appId,
    team_id: teamId,
    event_id: `Ev${randomUUID()}`,
    event_time: Math.floor(seconds),
    event: {
      type: 'app_home_opened',
      user: people[as],
      channel: 'D0HOME',
      tab: 'home',
      event_ts: String(seconds),
    },
  };
}

async function send(
  { signingSecret, used }: IndependentSlack,
  url: string,
  { lack, body, type }: { readonly lack: Lack; readonly body: string; readonly type: string },
): Promise<void> {
  used.add(lack);
  const reply = await postSigned(url, sign(signingSecret, body, type), ACK_MS);
  if (reply?.status !== 200) throw new Error(`the bot answered ${reply?.status} to ${body}`);
}

function placeOf(slack: IndependentSlack, on: Clickable, as: Name): object {
  if ('id' in on) return { container: { type: 'view', view_id: on.id }, view: on };
  // Slack gives a root with replies its own thread_ts; emulate does not.
  const message = { ...on, ...(on.reply_count > 0 && { thread_ts: on.ts }) };
  const place = { message_ts: on.ts, channel_id: slack.channel, is_ephemeral: false };
  return {
    container: { type: 'message', ...place },
    channel: { id: slack.channel, name: 'dba' },
    message,
    state: { values: {} },
    response_url: slack.giveResponseUrl(slack.people[as]),
  };
}

const buttonRule = z.looseObject({
  type: z.literal('button'),
  action_id: z.string(),
  text: z.looseObject({ text: z.string() }),
});

function actionOf({ blocks: all }: Clickable, label: string): object {
  for (const [index, block] of all.entries()) {
    const elements = [block['elements'], block['accessory']].flat();
    for (const element of elements) {
      const button = buttonRule.safeParse(element);
      if (!button.success || button.data.text.text !== label) continue;
      const { type, action_id, text, value } = button.data;
      const block_id = block.block_id ?? `b${index}`;
      return { type, action_id, block_id, text, value, action_ts: String(Date.now() / 1000) };
    }
  }
  throw new Error(`no button ${label} in ${JSON.stringify(all)}`);
}

const inputRule = z.looseObject({
  block_id: z.string(),
  element: z.looseObject({ type: z.string(), action_id: z.string() }),
});

function stateOf(view: View, values: Readonly<Record<string, string>>): object {
  const inputs = view.blocks.flatMap((block) => inputRule.safeParse(block).data ?? []);
  return Object.fromEntries(
    inputs.map(({ block_id, element: { type, action_id } }) => {
      const value = values[block_id] ?? null;
      return [block_id, { [action_id]: { type, value } }];
    }),
  );
}
