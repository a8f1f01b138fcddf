/** The acts of a person: type a command, click, submit, use a shortcut. */
import { type Acting, begin, hookFor, type Place, perform } from './act.ts';
import { type CommandOptions, command } from './command-act.ts';
import type { Deliver, Delivery } from './delivery.ts';
import type { Pointing } from './elements.ts';
import { known } from './furnish.ts';
import type { Interaction } from './interaction.ts';
import { type ClickOptions, click, shortcut, suggest } from './message-acts.ts';
import type { Handles } from './payloads.ts';
import type { Slack } from './slack.ts';
import { dismiss, submit } from './view-acts.ts';

export interface Acts {
  /** Types '/hostcache …'. Resolves when the command is acknowledged or has failed. */
  command(
    as: string,
    channel: string,
    typed: string,
    options?: CommandOptions,
  ): Promise<Interaction>;
  click(as: string, where: Place, by: Pointing, options?: ClickOptions): Promise<Interaction>;
  /** `values` are by block id, action id or label; other inputs keep their initial value. */
  submit(
    as: string,
    viewId: string,
    values?: Readonly<Record<string, string>>,
  ): Promise<Interaction>;
  /** Closes a modal by its cancel button (`one`) or its cross (`all`); null = the app did not set notify_on_close. */
  dismiss(as: string, viewId: string, which?: 'one' | 'all'): Promise<Interaction | null>;
  shortcut(as: string, channel: string, ts: string, callbackId: string): Promise<Interaction>;
  /** Types into an external menu; the interaction's `ackBody` has the options. */
  suggest(as: string, where: Place, by: Pointing, typed: string): Promise<Interaction>;
  /** Delivers any payload; `make` gets a valid trigger_id and response_url. */
  forge(as: string, channel: string, make: (handles: Handles) => Forged): Promise<Interaction>;
}

export type Forged = Pick<Delivery, 'type' | 'payload'>;

export function createActs(slack: Slack, deliver: Deliver): Acts {
  const act: Acting = { slack, deliver };
  return {
    command: (as, channel, typed, options) => command(act, as, channel, typed, options ?? {}),
    click: (as, where, by, options) => click(act, as, where, by, options ?? {}),
    submit: (as, viewId, values) => submit(act, as, viewId, values ?? {}),
    dismiss: (as, viewId, which) => dismiss(act, as, viewId, which ?? 'one'),
    shortcut: (as, channel, ts, callbackId) => shortcut(act, as, channel, ts, callbackId),
    suggest: (as, where, by, typed) => suggest(act, as, where, by, typed),
    forge: (as, channel, make) => forge(act, as, channel, make),
  };
}

async function forge(
  acting: Acting,
  as: string,
  channelId: string,
  make: (handles: Handles) => Forged,
): Promise<Interaction> {
  const { slack } = acting;
  const begun = begin(slack, as);
  const channel = known(slack.state.channels, channelId);
  const { url: responseUrl } = hookFor(slack, begun, channel, null);
  const { triggerId } = begun;
  const to = { kind: 'nobody' as const };
  return perform(acting, begun, { ...make({ triggerId, responseUrl }), to, responseUrl });
}
