/** Answers through a response_url or an acknowledgement, with Slack's limits: five uses, thirty minutes. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { editedMessage, newMessage } from './chat-methods.ts';
import { content, contentFault, flag, keptBlocks, threadFault, ts } from './conversation-rules.ts';
import type { Ephemeral } from './message.ts';
import {
  done,
  type Hook,
  noteIgnored,
  type Outcome,
  refused,
  type Slack,
  type Stand,
} from './slack.ts';
import {
  edit,
  findMessage,
  nextId,
  nextTs,
  post,
  remove,
  unwhisper,
  type Via,
  whisper,
} from './workspace-state.ts';

/** https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
const USES = 5;
const LIFE_MS = 30 * 60_000;

export function giveHook(
  slack: Slack,
  given: Pick<Hook, 'user' | 'channel' | 'interaction' | 'clicked'>,
): { readonly hook: Hook; readonly url: string } {
  const token = randomBytes(12).toString('hex');
  const hook: Hook = { ...given, token, givenAt: slack.state.clock(), uses: 0, last: null };
  slack.hooks.set(token, hook);
  const path = given.clicked === null ? 'commands' : 'actions';
  return { hook, url: `${slack.origin('hooks')}/${path}/${slack.state.team.id}/${token}` };
}

/** Handles one POST to a response_url. A refused one does not count as a use. */
export function useHook(slack: Slack, token: string, sent: unknown): Outcome {
  const hook = slack.hooks.get(token);
  if (hook === undefined) {
    return refused('no_such_url', [token]);
  }
  if (slack.state.clock().getTime() - hook.givenAt.getTime() > LIFE_MS) {
    return refused('expired_url', ['more than 30 minutes old']);
  }
  if (hook.uses >= USES) {
    return refused('used_url', [`used ${USES} times`]);
  }
  const outcome = answer(slack, hook, sent, 'response_url');
  hook.uses += outcome.kind === 'done' ? 1 : 0;
  return outcome;
}

const rule = z.object({
  ...content,
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  replace_original: flag,
  delete_original: flag,
  thread_ts: ts.optional(),
  mrkdwn: flag,
  parse: z.string().optional(),
  link_names: flag,
  unfurl_links: flag,
  unfurl_media: flag,
});

type Said = z.output<typeof rule>;

/** Posts, replaces or deletes an answer, from an acknowledgement or a POST to the response_url. */
export function answer(
  slack: Slack,
  hook: Hook,
  sent: unknown,
  how: 'ack' | 'response_url',
): Outcome {
  const parsed = rule.safeParse(typeof sent === 'string' ? { text: sent } : sent);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(
      ({ message, path }) => `${message} at /${path.join('/')}`,
    );
    return refused('invalid_payload', lines);
  }
  const via = { how, interaction: hook.interaction };
  const said = parsed.data;
  noteIgnored(slack, how, sent, Object.keys(rule.shape));
  if (said.delete_original === true) {
    erase(slack, hook.clicked ?? hook.last, via);
    return done();
  }
  const fault = contentFault(said) ?? threadFault(slack, hook.channel, said.thread_ts);
  if (fault !== null) {
    return fault;
  }
  // The answer to a click replaces the clicked message by default; the answer to a command does not.
  const replaces = said.replace_original ?? (how === 'response_url' && hook.clicked !== null);
  const before = replaces ? (hook.last ?? hook.clicked) : null;
  hook.last = overwrite(slack, before, said, via) ?? say(slack, hook, said, via);
  return done();
}

/** null = there is no message of the app to replace, so Slack posts a new one. */
function overwrite(slack: Slack, before: Stand | null, said: Said, via: Via): Stand | null {
  const { state } = slack;
  if (before?.kind === 'message') {
    const message = findMessage(state, before.channel, before.ts);
    if (message === undefined || !message.byApp) {
      return null;
    }
    edit(state, editedMessage(state, message, said), via);
    return before;
  }
  const ephemeral = state.ephemerals.find((one) => one.id === before?.id);
  if (ephemeral === undefined) {
    return null;
  }
  const blocks = keptBlocks(said.blocks, () => nextId(state, 'b'));
  whisper(state, { ...ephemeral, text: said.text ?? '', blocks }, via);
  return { kind: 'ephemeral', id: ephemeral.id };
}

function say(slack: Slack, hook: Hook, said: Said, via: Via): Stand {
  const { state } = slack;
  if (said.response_type === 'in_channel') {
    const message = newMessage(state, hook.channel, said);
    post(state, message, via);
    return { kind: 'message', channel: message.channel, ts: message.ts };
  }
  const ephemeral: Ephemeral = {
    kind: 'ephemeral',
    id: nextId(state, 'E'),
    channel: hook.channel,
    ts: nextTs(state),
    user: hook.user,
    text: said.text ?? '',
    blocks: keptBlocks(said.blocks, () => nextId(state, 'b')),
    threadTs: said.thread_ts ?? null,
    postedAt: state.clock(),
  };
  whisper(state, ephemeral, via);
  return { kind: 'ephemeral', id: ephemeral.id };
}

function erase(slack: Slack, stand: Stand | null, via: Via): void {
  const { state } = slack;
  if (stand?.kind === 'message') {
    const message = findMessage(state, stand.channel, stand.ts);
    if (message?.byApp === true) {
      remove(state, message, via);
    }
    return;
  }
  const ephemeral = state.ephemerals.find((one) => one.id === stand?.id);
  if (ephemeral !== undefined) {
    unwhisper(state, ephemeral, via);
  }
}
