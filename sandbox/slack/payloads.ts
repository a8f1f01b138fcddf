/** The payloads that Slack sends to an app. https://docs.slack.dev/reference/interaction-payloads */
import { randomUUID } from 'node:crypto';
import { type Channel, channelNameInPayload } from './channel.ts';
import type { Ephemeral, Message } from './message.ts';
import { messageJson } from './message.ts';
import type { User } from './people.ts';
import type { Slack } from './slack.ts';
import { type View, viewJson } from './view.ts';
import { nextTs, repliesTo } from './workspace-state.ts';

/** The legacy verification token, which every payload contains and which proves nothing. */
const TOKEN = 'sandbox-verification-token';

export interface Handles {
  readonly triggerId: string;
  readonly responseUrl: string;
}

export function commandPayload(
  slack: Slack,
  user: User,
  channel: Channel,
  typed: { readonly command: string; readonly text: string } & Handles,
): object {
  const { team, bot } = slack.state;
  return {
    token: TOKEN,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: channelNameInPayload(channel),
    user_id: user.id,
    user_name: user.name,
    command: typed.command,
    text: typed.text,
    api_app_id: bot.appId,
    is_enterprise_install: 'false',
    response_url: typed.responseUrl,
    trigger_id: typed.triggerId,
  };
}

/** A click in a message. An ephemeral message is not in the payload, only its `container`. */
export function messageClickPayload(
  slack: Slack,
  user: User,
  shown: Message | Ephemeral,
  click: { readonly channel: Channel; readonly actions: readonly object[] } & Handles,
): object {
  const { channel, actions } = click;
  return {
    type: 'block_actions',
    ...frame(slack, user),
    container: {
      type: 'message',
      message_ts: shown.ts,
      channel_id: channel.id,
      is_ephemeral: shown.kind === 'ephemeral',
      ...(shown.threadTs !== null && { thread_ts: shown.threadTs }),
    },
    trigger_id: click.triggerId,
    channel: { id: channel.id, name: channelNameInPayload(channel) },
    ...(shown.kind === 'message' && { message: messageInPayload(slack, shown) }),
    state: { values: {} },
    response_url: click.responseUrl,
    actions,
  };
}

export function viewClickPayload(
  slack: Slack,
  user: User,
  view: View,
  click: {
    readonly actions: readonly object[];
    readonly values: object;
    readonly triggerId: string;
  },
): object {
  return {
    type: 'block_actions',
    ...frame(slack, user),
    container: { type: 'view', view_id: view.id },
    trigger_id: click.triggerId,
    view: viewInPayload(slack, view, click.values),
    actions: click.actions,
  };
}

export function submissionPayload(
  slack: Slack,
  user: User,
  view: View,
  submission: { readonly values: object; readonly triggerId: string },
): object {
  return {
    type: 'view_submission',
    ...frame(slack, user),
    trigger_id: submission.triggerId,
    view: viewInPayload(slack, view, submission.values),
    response_urls: [],
  };
}

export function closingPayload(slack: Slack, user: User, view: View, isCleared: boolean): object {
  return {
    type: 'view_closed',
    ...frame(slack, user),
    view: viewInPayload(slack, view, {}),
    is_cleared: isCleared,
  };
}

export function shortcutPayload(
  slack: Slack,
  user: User,
  message: Message,
  shortcut: { readonly channel: Channel; readonly callbackId: string } & Handles,
): object {
  return {
    type: 'message_action',
    ...frame(slack, user),
    action_ts: nextTs(slack.state),
    callback_id: shortcut.callbackId,
    trigger_id: shortcut.triggerId,
    response_url: shortcut.responseUrl,
    message_ts: message.ts,
    channel: { id: shortcut.channel.id, name: channelNameInPayload(shortcut.channel) },
    message: messageInPayload(slack, message),
  };
}

export function suggestionPayload(
  slack: Slack,
  user: User,
  asked: { readonly blockId: string; readonly actionId: string; readonly value: string },
  where: { readonly view?: View; readonly channel?: Channel; readonly message?: Message },
): object {
  const { view, channel, message } = where;
  return {
    type: 'block_suggestion',
    ...frame(slack, user),
    action_id: asked.actionId,
    block_id: asked.blockId,
    value: asked.value,
    container:
      view === undefined
        ? { type: 'message', message_ts: message?.ts, channel_id: channel?.id }
        : { type: 'view', view_id: view.id },
    ...(view !== undefined && { view: viewInPayload(slack, view, {}) }),
    ...(channel !== undefined && {
      channel: { id: channel.id, name: channelNameInPayload(channel) },
    }),
    ...(message !== undefined && { message: messageInPayload(slack, message) }),
  };
}

/** The envelope of the Events API around one event. */
export function eventPayload(slack: Slack, event: object): object {
  const { team, bot } = slack.state;
  return {
    token: TOKEN,
    team_id: team.id,
    api_app_id: bot.appId,
    event,
    type: 'event_callback',
    event_id: `Ev${randomUUID().replaceAll('-', '').slice(0, 9).toUpperCase()}`,
    event_time: Math.floor(slack.state.clock().getTime() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: team.id,
        user_id: bot.userId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: 'sandbox',
  };
}

function frame(slack: Slack, user: User): object {
  const { team, bot } = slack.state;
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
    api_app_id: bot.appId,
    token: TOKEN,
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

function messageInPayload(slack: Slack, message: Message): object {
  const { bot, team } = slack.state;
  const author = { botId: bot.botId, appId: bot.appId, teamId: team.id };
  const json = messageJson(message, author, repliesTo(slack.state, message.channel, message.ts));
  return message.metadata === null ? json : { ...json, metadata: message.metadata };
}

export function viewInPayload(slack: Slack, view: View, values: object): object {
  const { bot, team } = slack.state;
  return viewJson(view, { teamId: team.id, appId: bot.appId, botId: bot.botId }, values);
}
