/** The acts that the page may send: what people do in Slack, and the levers. Does I/O. */
import { z } from 'zod';
import type { SlackPeer } from '../slack/peer.ts';
import type { ActAnswer } from './shape.ts';
import type { WorldPanel } from './world-panel.ts';

const place = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('message'), channel: z.string(), ts: z.string() }),
  z.object({ kind: z.literal('ephemeral'), id: z.string() }),
  z.object({ kind: z.literal('view'), id: z.string() }),
]);

const as = { as: z.string() };

/** Slack's composer takes 12 000 characters at most. */
const words = z.string().max(12_000);

const actRule = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('write'),
    ...as,
    channel: z.string(),
    text: words,
    threadTs: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('click'),
    ...as,
    place,
    actionId: z.string(),
    value: z.string().optional(),
    option: z.string().optional(),
  }),
  z.object({
    kind: z.literal('submit'),
    ...as,
    view: z.string(),
    values: z.record(z.string(), z.string()),
  }),
  z.object({ kind: z.literal('dismiss'), ...as, view: z.string() }),
  z.object({
    kind: z.literal('shortcut'),
    ...as,
    channel: z.string(),
    ts: z.string(),
    callbackId: z.string(),
  }),
  z.object({ kind: z.literal('delete'), ...as, channel: z.string(), ts: z.string() }),
  z.object({ kind: z.literal('home'), ...as }),
  z.object({
    kind: z.literal('lever'),
    ...as,
    lever: z.enum(['fix', 'break', 'probe', 'login']),
    address: z.string(),
  }),
]);

export type Act = z.output<typeof actRule>;

/** null = not an act of the page. */
export function readAct(body: unknown): Act | null {
  return actRule.safeParse(body).data ?? null;
}

/** Never rejects: an error of the sandbox becomes the failure. */
export async function perform(act: Act, slack: SlackPeer, world: WorldPanel): Promise<ActAnswer> {
  try {
    return { failure: await run(act, slack, world) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { failure: why.replace(/^sandbox \w+: /, '') };
  }
}

async function run(act: Act, slack: SlackPeer, world: WorldPanel): Promise<string | null> {
  switch (act.kind) {
    case 'write':
      return await write(act, slack);
    case 'click': {
      const { actionId, value, option } = act;
      const by = {
        actionId,
        ...(value !== undefined && { value }),
        ...(option !== undefined && { option }),
      };
      return failureOf(await slack.click(act.as, act.place, by), 'That button');
    }
    case 'submit':
      return failureOf(await slack.submit(act.as, act.view, act.values), 'The form');
    case 'dismiss': {
      const closed = await slack.dismiss(act.as, act.view);
      return closed === null ? null : failureOf(closed, 'The form');
    }
    case 'shortcut':
      return failureOf(
        await slack.shortcut(act.as, act.channel, act.ts, act.callbackId),
        'The shortcut',
      );
    case 'delete':
      slack.workspace.deleteMessage(act.channel, act.ts);
      return null;
    case 'home':
      return failureOf(await slack.openHome(act.as), 'App Home');
    case 'lever':
      await world.pull(act.lever, act.address);
      return null;
  }
}

async function write(
  { as: who, channel, text, threadTs }: Extract<Act, { kind: 'write' }>,
  slack: SlackPeer,
): Promise<string | null> {
  if (text.startsWith('/')) {
    const how = threadTs === null ? {} : { threadTs };
    const [name = ''] = text.split(/\s/);
    return failureOf(await slack.command(who, channel, text, how), name);
  }
  // Slack stores these three characters of a person's message as entities.
  const stored = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const said = withMentions(stored, slack.workspace.users);
  slack.say(who, channel, said, threadTs === null ? {} : { threadTs });
  return null;
}

/** Slack's composer turns `@name` into a mention. */
function withMentions(text: string, users: SlackPeer['workspace']['users']): string {
  return text.replaceAll(/(?<![\w.@])@([a-z0-9](?:[\w.-]*\w)?)/g, (whole, name: string) => {
    const user = [...users.values()].find((one) => one.name === name);
    return user === undefined ? whole : `<@${user.id}>`;
  });
}

/** What Slack shows the person; null = it worked. Slack hides the failure of an event, this page shows it. */
function failureOf({ failure }: { readonly failure: string | null }, what: string): string | null {
  switch (failure) {
    case null:
      return null;
    case 'operation_timeout':
      return `${what} did not work: hostcache did not respond within three seconds (operation_timeout).`;
    case 'dispatch_failed':
      return `${what} did not work: hostcache is not connected (dispatch_failed).`;
    case 'not_supported_in_threads':
      return `${what} is not supported in threads. Sorry!`;
    default:
      return `${what} did not work (${failure}).`;
  }
}
