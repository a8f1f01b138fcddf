/** The checks that all methods with a channel share: access, threads, content. */
import { z } from 'zod';
import type { Channel } from './channel.ts';
import { flawsOfBlocks, metadataRule } from './drawing-rules.ts';
import { openDirectMessages } from './furnish.ts';
import type { Block } from './message.ts';
import { detailsOf, type Outcome, refused, type Slack } from './slack.ts';
import { findMessage, repliesTo } from './workspace-state.ts';

/** Slack silently cuts longer texts; the peer refuses them. https://docs.slack.dev/reference/methods/chat.postMessage */
const TEXT_LIMIT = 40_000;

export const channelId = z.string().min(1);

/** A message id, always a string: as a number it loses its last digits. */
export const ts = z.string().min(1);

/** Form bodies contain 'true' and '1'. */
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .transform((value) => value === true || value === 'true' || value === '1')
  .optional();

export const count = z.coerce.number().int().min(1).max(1000).optional();

/** The visible arguments of messages, ephemeral messages and answers to a response_url. */
export const content = {
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
  metadata: z.unknown().optional(),
};

export interface Content {
  readonly text?: string | undefined;
  readonly blocks?: unknown;
  readonly metadata?: unknown;
  readonly attachments?: unknown;
}

/** The channel, or a refusal; for the bot, a private channel without it does not exist. */
export function visible(slack: Slack, id: string): Channel | Outcome {
  const { state } = slack;
  const channel = state.channels.get(id);
  const isMember = channel?.members.has(state.bot.userId) === true;
  if (channel === undefined || (channel.kind !== 'public' && !isMember)) {
    return refused('channel_not_found', [`no channel ${id} that the bot can see`]);
  }
  return channel;
}

/** The channel, or a refusal: the bot must be a member, and the channel not archived. A user id means direct messages. */
export function writable(slack: Slack, id: string): Channel | Outcome {
  const { state, declared } = slack;
  const user = state.users.get(id);
  if (user !== undefined) {
    return declared.hasMessagesTab
      ? openDirectMessages(state, user.id)
      : refused('messages_tab_disabled', ['the manifest has messages_tab_enabled: false']);
  }
  const channel = visible(slack, id);
  if (isOutcome(channel)) {
    return channel;
  }
  if (!channel.members.has(state.bot.userId)) {
    return refused('not_in_channel', [`the bot was not invited to ${channel.name}`]);
  }
  return channel.isArchived ? refused('is_archived', [channel.name]) : channel;
}

/** A refusal if the thread does not exist; null = it exists, or no thread is given. */
export function threadFault(
  slack: Slack,
  channel: string,
  root: string | undefined,
): Outcome | null {
  if (root === undefined) {
    return null;
  }
  if (!/^\d{10}\.\d{6}$/.test(root)) {
    return refused('invalid_thread_ts', [`expected '1795165331.000100', got ${root}`]);
  }
  const message = findMessage(slack.state, channel, root);
  if (message === undefined) {
    // A deleted root leaves its thread, until its replies are deleted too.
    return repliesTo(slack.state, channel, root).length > 0
      ? null
      : refused('thread_not_found', [`no message ${root} in ${channel}`]);
  }
  return message.threadTs === null
    ? null
    : refused('cannot_reply_to_message', [`${root} is itself a reply`]);
}

/** A refusal of the content; null = Slack accepts it. */
export function contentFault(given: Content): Outcome | null {
  const { text, blocks, attachments, metadata } = given;
  const hasBlocks = Array.isArray(blocks) && blocks.length > 0;
  if (blocks !== undefined && !Array.isArray(blocks)) {
    return refused('invalid_blocks_format', ['[ERROR] expected a list [json-pointer:/blocks]']);
  }
  if ((text === undefined || text === '') && !hasBlocks && attachments === undefined) {
    return refused('no_text', ['expected text, blocks or attachments']);
  }
  if (text !== undefined && text.length > TEXT_LIMIT) {
    return refused('msg_too_long', [`[ERROR] more than ${TEXT_LIMIT} [json-pointer:/text]`]);
  }
  const flaws = flawsOfBlocks(blocks ?? [], 'message');
  if (flaws.length > 0) {
    return refused(flaws[0]?.code ?? 'invalid_blocks', detailsOf(flaws));
  }
  const isPlainObject = metadata === undefined || metadataFlaws(metadata).length === 0;
  return isPlainObject ? null : refused('invalid_metadata_format', metadataFlaws(metadata));
}

/** The blocks as Slack stores them: each with a block_id, each element with an action_id. */
export function keptBlocks(blocks: unknown, newId: () => string): readonly Block[] {
  // contentFault has parsed it: it is a list of blocks, or not given.
  const list = Array.isArray(blocks) ? (blocks as readonly Block[]) : [];
  return list.map((block) => ({ block_id: newId(), ...block, ...kept(block, newId) }));
}

export function isOutcome(value: object): value is Outcome {
  return 'kind' in value && (value.kind === 'refused' || value.kind === 'done');
}

const INTERACTIVE = new Set(['actions', 'context_actions']);

function kept(block: Block, newId: () => string): object {
  const { elements, accessory, element } = block;
  const withId = (one: unknown) =>
    typeof one === 'object' && one !== null ? { action_id: newId(), ...one } : one;
  return {
    ...(INTERACTIVE.has(block.type) &&
      Array.isArray(elements) && { elements: elements.map(withId) }),
    ...(accessory !== undefined && { accessory: withId(accessory) }),
    ...(element !== undefined && { element: withId(element) }),
  };
}

function metadataFlaws(metadata: unknown): readonly string[] {
  // An empty object removes the metadata of an edited message.
  if (typeof metadata === 'object' && metadata !== null && Object.keys(metadata).length === 0) {
    return [];
  }
  const parsed = metadataRule.safeParse(metadata);
  return parsed.success
    ? []
    : parsed.error.issues.map(
        ({ message, path }) => `[ERROR] ${message} [json-pointer:/metadata/${path.join('/')}]`,
      );
}
