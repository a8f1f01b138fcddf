import { createEmulator } from 'emulate';
import { decodeHTML } from 'entities';
import { z } from 'zod';
import { freePort } from './bot.ts';
import {
  type Answer,
  askEmulate,
  BOT_TOKEN,
  type LackProxy,
  startLackProxy,
} from './independent-proxy.ts';

/** `emulate`, a Slack that others wrote, with a channel, two people and the bot. Does I/O. */

export interface IndependentSlack extends Omit<LackProxy, 'giveResponseUrl' | 'origin'> {
  /** The proxy's, for SLACK_API_URL. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly signingSecret: string;
  readonly appId: string;
  readonly teamId: string;
  readonly channel: string;
  /** Ids by name. */
  readonly people: Readonly<Record<Name, string>>;
  /** Asks emulate itself, with the bot's token. Rejects if it refuses. */
  ask(method: string, args?: Readonly<Record<string, string>>): Promise<Answer>;
  /** A file of emulate, past the proxy. */
  read(path: string): Promise<string>;
  /** The cells of the rows under a heading of a page of emulate. */
  table(path: string, heading: string): Promise<readonly (readonly string[])[]>;
  /** The texts of private answers to a person, newest first, as emulate's page shows them. */
  privateTo(name: Name): Promise<readonly string[]>;
  /** For an answer to this person in the channel. */
  giveResponseUrl(user: string): string;
}

const NAMES = ['alice', 'bob'] as const;

export type Name = (typeof NAMES)[number];

const CHANNEL = 'dba';
const SIGNING_SECRET = 'independent-secret';
const APP_ID = 'A0HOSTCACHE';
const BOT = { bot_id: 'B0HOSTCACHE', bot_user_id: 'U0HOSTCACHE' };

export async function startIndependentSlack(): Promise<IndependentSlack> {
  const port = await freePort();
  const target = `http://127.0.0.1:${port}`;
  const proxy = await startLackProxy(target);
  const seed = { slack: workspace() };
  const emulator = await createEmulator({ service: 'slack', port, baseUrl: proxy.origin, seed });
  const ask: Ask = (method, args = {}) => askEmulate(target, method, args);
  const place = await findPlace(ask);
  const read = (path: string) => readEmulate(target, path);
  const table = async (path: string, heading: string) => tableIn(await read(path), heading);
  return {
    ...proxy,
    apiUrl: `${proxy.origin}/api/`,
    botToken: BOT_TOKEN,
    signingSecret: SIGNING_SECRET,
    appId: APP_ID,
    ...place,
    ask,
    read,
    table,
    privateTo: async (name) => {
      const rows = await table(`/?channel=${place.channel}`, 'Ephemeral');
      return rows.flatMap(([, to, said = '']) => (to === `${name} ephemeral` ? [said] : []));
    },
    giveResponseUrl: (user) => proxy.giveResponseUrl({ channel: place.channel, user }),
    stop: async () => {
      await emulator.close();
      await proxy.stop();
    },
  };
}

/** The form is the one of emulate's settings file. */
function workspace(): object {
  const app = { app_id: APP_ID, client_id: '1.2', ...BOT };
  return {
    users: NAMES.map((name) => ({ name })),
    channels: [{ name: CHANNEL }],
    oauth_apps: [
      { ...app, client_secret: 'x', name: 'hostcache', bot_name: 'hostcache', redirect_uris: [] },
    ],
    tokens: [{ ...app, token: BOT_TOKEN, type: 'bot', user_id: BOT.bot_user_id }],
  };
}

type Ask = IndependentSlack['ask'];

/** Looks up the ids, which emulate makes by chance, and brings the bot into the channel. */
async function findPlace(
  ask: Ask,
): Promise<Pick<IndependentSlack, 'channel' | 'people' | 'teamId'>> {
  const named = z.array(z.object({ id: z.string(), name: z.string() }));
  const users = named.parse((await ask('users.list'))['members']);
  const channels = named.parse((await ask('conversations.list'))['channels']);
  const idIn = (all: typeof users, wanted: string) => {
    const found = all.find(({ name }) => name === wanted);
    if (found === undefined) throw new Error(`emulate has no ${wanted}`);
    return found.id;
  };
  const channel = idIn(channels, CHANNEL);
  await ask('conversations.join', { channel });
  return {
    channel,
    people: { alice: idIn(users, 'alice'), bob: idIn(users, 'bob') },
    teamId: z.string().parse((await ask('auth.test'))['team_id']),
  };
}

async function readEmulate(target: string, path: string): Promise<string> {
  const response = await fetch(target + path, {
    headers: { authorization: `Bearer ${BOT_TOKEN}` },
  });
  if (!response.ok) throw new Error(`emulate answers ${response.status} to GET ${path}`);
  return await response.text();
}

/** The cells of the rows under a heading of emulate's page. */
function tableIn(page: string, heading: string): readonly (readonly string[])[] {
  const [, section = ''] = new RegExp(`<h2>${heading}</h2>([\\s\\S]*?)</section>`).exec(page) ?? [];
  const rows = [...section.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<td>([\s\S]*?)<\/td>/g)].map(([, cell = '']) => shownIn(cell)),
  );
  return rows.filter((cells) => cells.length > 0);
}

function shownIn(html: string): string {
  return decodeHTML(html.replaceAll(/<[^>]*>/g, ' '))
    .replaceAll(/\s+/g, ' ')
    .trim();
}
