/** Types a slash command. */
import type { Addressee } from './acknowledgement.ts';
import { type Acting, begin, hookFor, nothing, perform } from './act.ts';
import { known } from './furnish.ts';
import type { Interaction } from './interaction.ts';
import { commandPayload } from './payloads.ts';
import type { Slack } from './slack.ts';

export interface CommandOptions {
  /** The thread in which it is typed; Slack refuses commands there. */
  readonly threadTs?: string;
}

export async function command(
  acting: Acting,
  as: string,
  channelId: string,
  typed: string,
  options: CommandOptions,
): Promise<Interaction> {
  const { slack } = acting;
  const [name = '', ...words] = typed.trim().split(/(?<=^\S+)\s+/);
  if (!slack.declared.commands.includes(name)) {
    throw new Error(`sandbox Slack: ${name} is not a valid command; it is not in the manifest`);
  }
  const begun = begin(slack, as);
  const channel = known(slack.state.channels, channelId);
  const { hook, url } = hookFor(slack, begun, channel, null);
  const payload = commandPayload(slack, begun.user, channel, {
    command: name,
    text: escaped(slack, words.join(' ')),
    triggerId: begun.triggerId,
    responseUrl: url,
  });
  const to: Addressee = { kind: 'hook', hook };
  if (options.threadTs !== undefined) {
    // Slack's client refuses it without a request: "not supported in threads. Sorry!"
    const delivery = { type: 'slash_commands' as const, payload, acceptsBody: true };
    return nothing(slack, begun, delivery, 'not_supported_in_threads');
  }
  return perform(acting, begun, { type: 'slash_commands', payload, to, responseUrl: url });
}

/** should_escape turns names and channels into ids, and &, < and > into entities. */
function escaped(slack: Slack, text: string): string {
  if (!slack.declared.escapesCommands) {
    return text;
  }
  const { users, channels } = slack.state;
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/@([\w.-]+)/g, (whole, name: string) => {
      const user = [...users.values()].find((one) => one.name === name);
      return user === undefined ? whole : `<@${user.id}|${name}>`;
    })
    .replaceAll(/#([\w-]+)/g, (whole, name: string) => {
      const channel = [...channels.values()].find((one) => one.name === name);
      return channel === undefined ? whole : `<#${channel.id}|${name}>`;
    });
}
