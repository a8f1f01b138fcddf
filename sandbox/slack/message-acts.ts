/** Performs clicks, message shortcuts and typing into menus. */
import type { Addressee } from './acknowledgement.ts';
import { type Acting, begin, earlier, hookFor, type Place, perform, standing } from './act.ts';
import { actionOf, canPointAt, type Pointing, pointAt } from './elements.ts';
import { known } from './furnish.ts';
import type { Interaction } from './interaction.ts';
import {
  messageClickPayload,
  shortcutPayload,
  suggestionPayload,
  viewClickPayload,
} from './payloads.ts';
import type { Slack } from './slack.ts';
import { stateOf } from './submission.ts';
import { nextTs } from './workspace-state.ts';

export interface ClickOptions {
  /** Clicks in a client that is behind, so the button may already be gone. */
  readonly isStale?: boolean;
  /** The value in a forged request, instead of the button's own. */
  readonly forgedValue?: string;
}

export async function click(
  acting: Acting,
  as: string,
  where: Place,
  by: Pointing,
  options: ClickOptions,
): Promise<Interaction> {
  const { slack } = acting;
  const begun = begin(slack, as);
  const shown = seen(slack, standing(slack, begun.user, where), by, options);
  const honest = actionOf(pointAt(shown.blocks, by), by, nextTs(slack.state));
  const { forgedValue } = options;
  const action = forgedValue === undefined ? honest : { ...honest, value: forgedValue };
  const { triggerId, user } = begun;
  const to: Addressee = { kind: 'nobody' };
  if (shown.kind === 'view') {
    const values = stateOf(shown);
    const click = { actions: [action], values, triggerId };
    const payload = viewClickPayload(slack, user, shown, click);
    return perform(acting, begun, { type: 'interactive', payload, to, responseUrl: null });
  }
  const channel = known(slack.state.channels, shown.channel);
  const { url: responseUrl } = hookFor(slack, begun, channel, shown);
  const click = { channel, actions: [action], triggerId, responseUrl };
  const payload = messageClickPayload(slack, user, shown, click);
  return perform(acting, begun, { type: 'interactive', payload, to, responseUrl });
}

function seen(slack: Slack, shown: Shown, by: Pointing, { isStale = false }: ClickOptions): Shown {
  const before = isStale ? earlier(slack, shown) : [];
  return [shown, ...before].find(({ blocks }) => canPointAt(blocks, by)) ?? shown;
}

type Shown = ReturnType<typeof standing>;

export async function shortcut(
  acting: Acting,
  as: string,
  channelId: string,
  ts: string,
  callbackId: string,
): Promise<Interaction> {
  const { slack } = acting;
  const begun = begin(slack, as);
  const channel = known(slack.state.channels, channelId);
  const message = standing(slack, begun.user, { channel: channelId, ts });
  if (message.kind !== 'message') {
    throw new Error('sandbox Slack: a shortcut needs a message');
  }
  const { url } = hookFor(slack, begun, channel, null);
  const payload = shortcutPayload(slack, begun.user, message, {
    channel,
    callbackId,
    triggerId: begun.triggerId,
    responseUrl: url,
  });
  const to: Addressee = { kind: 'nobody' };
  return perform(acting, begun, { type: 'interactive', payload, to, responseUrl: url });
}

export async function suggest(
  acting: Acting,
  as: string,
  where: Place,
  by: Pointing,
  typed: string,
): Promise<Interaction> {
  const { slack } = acting;
  const begun = begin(slack, as);
  const shown = standing(slack, begun.user, where);
  const { blockId, element } = pointAt(shown.blocks, by);
  const { action_id } = element;
  const asked = { blockId, actionId: String(action_id), value: typed };
  const place =
    shown.kind === 'view'
      ? { view: shown }
      : {
          channel: known(slack.state.channels, shown.channel),
          ...(shown.kind === 'message' && { message: shown }),
        };
  const payload = suggestionPayload(slack, begun.user, asked, place);
  const to: Addressee = { kind: 'options' };
  return perform(acting, begun, { type: 'interactive', payload, to, responseUrl: null });
}
