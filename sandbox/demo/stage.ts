// Starts and stops the parts of the demo: Slack with its page, a server with its DNS and network, the bot. Does I/O.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { learnCompletions } from '../page/completion.ts';
import type { Task } from '../page/guide.ts';
import { createPage } from '../page/page.ts';
import type { Completion } from '../page/shape.ts';
import { type ClientLogin, createWorldPanel, type WorldPanel } from '../page/world-panel.ts';
import { type SlackPeer, startSlackPeer } from '../slack/peer.ts';
import { startWorld, type World } from '../world.ts';
import { grantsOn, startBot, stopBot } from './bot.ts';

export interface Stage {
  readonly world: World;
  readonly slack: SlackPeer;
  /** The id of #dba, where the story takes place. */
  readonly channel: string;
  /** User ids by first name in lower case. */
  readonly people: ReadonlyMap<string, string>;
  /** The levers of the simulated machines, and what happened to them. */
  readonly panel: WorldPanel;
  /** Makes this client the task that the page shows. */
  assign(client: ClientLogin): void;
  stop(): Promise<void>;
}

export interface StageOptions {
  /** The port of the page; a free one when not given. */
  readonly port?: number;
  /** Prints progress during the start. */
  readonly say: (line: string) => void;
  /** Called for each event outside Slack, such as a login or a DNS change. */
  readonly happening: (text: string) => void;
  /** How long the bot has to acknowledge a request; default Slack's three seconds. */
  readonly deadlineMs?: number;
  /** Called with the page's address as soon as it answers, before the servers run. */
  readonly opened?: (address: string) => void;
}

/** Rejects when a part does not start; the parts that did start are stopped. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { opened, happening } = options;
  const panel = createWorldPanel(() => new Date(), happening);
  const say = (line: string) => {
    options.say(line);
    panel.starts(line);
  };
  const house = await openHouse(panel, options);
  const undo: (() => Promise<unknown>)[] = [house.slack.stop];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    opened?.(`${house.slack.origin}/`);
    say('A local Slack workspace is running.');
    say('Starting a MySQL server. The first time, it is unpacked from Debian packages …');
    const world = await startWorld({ flavour: 'mysql', progress: say });
    undo.push(world.stop);
    say(`MySQL ${world.version} is running. Starting the bot …`);
    for (const grant of grantsOn(world)) await world.query(grant);
    const folder = await mkdtemp(join(tmpdir(), 'hostcache-demo-'));
    undo.push(() => rm(folder, { recursive: true }));
    const { slack, channel, people } = house;
    const approvers = [...people.values()];
    const bot = await startBot({ world, slack, channel, approvers, folder });
    undo.push(() => stopBot(bot));
    panel.open(world);
    await house.learn();
    say('The bot is connected.');
    panel.starts(null);
    return { world, slack, channel, people, panel, assign: house.assign, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface House extends Pick<Stage, 'slack' | 'channel' | 'people' | 'assign'> {
  /** Reads the subcommands from the bot's help. */
  learn(): Promise<void>;
}

/** Starts Slack with its people and its page, so that the page is up while the rest starts. */
async function openHouse(
  panel: WorldPanel,
  { port, deadlineMs }: Pick<StageOptions, 'port' | 'deadlineMs'>,
): Promise<House> {
  let completions: readonly Completion[] = [];
  let task: Task | null = null;
  let slack: SlackPeer | null = null;
  const scene = () => {
    if (slack === null) throw new Error('the page was requested before Slack started');
    return { slack, people: [...persons.values()], completions, task };
  };
  const persons = new Map<string, { readonly id: string; readonly name: string }>();
  const page = createPage(scene, panel);
  slack = await startSlackPeer({
    ...{ page, ...secrets() },
    ...(port !== undefined && { port }),
    ...(deadlineMs !== undefined && { deadlineMs }),
  });
  const { workspace } = slack;
  for (const name of ['Alice', 'Bob', 'Carol']) {
    const { id } = workspace.addUser({ name });
    persons.set(name.toLowerCase(), { id, name });
    // Slack lists an app's direct messages even before the first message.
    workspace.directMessages(id);
  }
  const people = new Map([...persons].map(([name, { id }]) => [name, id]));
  const channel = workspace.addChannel({ name: 'dba', members: [...people.values()] }).id;
  const peer = slack;
  return {
    slack,
    channel,
    people,
    assign: (client) => {
      panel.offer(client);
      const { address, host, account } = client;
      task = { client: { address, host, account }, since: workspace.happenings.length };
    },
    learn: async () => {
      // A fourth user asks, so that none of the three sees an answer that they did not request.
      const asker = workspace.addUser({ name: 'The page' }).id;
      completions = await learnCompletions(peer, asker, channel);
    },
  };
}

/** Random for each run, so that a page open in another tab cannot know them. */
function secrets(): { readonly botToken: string; readonly appToken: string } {
  return { botToken: `xoxb-${randomUUID()}`, appToken: `xapp-1-${randomUUID()}` };
}
