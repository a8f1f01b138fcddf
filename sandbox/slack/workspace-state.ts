/** The state of the workspace: everything in it now, and everything that happened, in order. */
import type { Channel } from './channel.ts';
import type { Ephemeral, Message, StoredFile } from './message.ts';
import type { Active } from './mrkdwn.ts';
import type { User, UserGroup } from './people.ts';
import { activesOf, type Drawn } from './shown.ts';
import type { View } from './view.ts';

export interface Team {
  readonly id: string;
  readonly domain: string;
  readonly name: string;
}

/** The app under test, as installed in the team. */
export interface Bot {
  readonly userId: string;
  readonly botId: string;
  readonly appId: string;
  readonly name: string;
}

/** The origin of a happening: a Web API method, an acknowledgement, a response_url, or a person. */
export interface Via {
  readonly how: string;
  /** The id of the interaction that it answers; null = none that Slack knows. */
  readonly interaction: string | null;
}

export type Happening = { readonly at: Date; readonly via: Via } & (
  | { readonly kind: 'posted' | 'edited' | 'deleted'; readonly message: Message }
  | {
      readonly kind: 'whispered' | 'rewhispered' | 'unwhispered';
      readonly ephemeral: Ephemeral;
    }
  | {
      readonly kind: 'modal-opened' | 'modal-changed' | 'modal-closed' | 'home-published';
      readonly view: View;
    }
  /** What it was is no longer kept. */
  | { readonly kind: 'forgotten' }
);

/** A ping or a link in what the app sent, with its place (for a view, the channel is the view's id). */
export interface Ping extends Active {
  readonly channel: string;
  readonly ts: string;
  /** People are notified by a new message, never by an edit. */
  readonly notifies: boolean;
}

export interface State {
  readonly team: Team;
  readonly bot: Bot;
  readonly users: Map<string, User>;
  readonly channels: Map<string, Channel>;
  readonly groups: Map<string, UserGroup>;
  readonly messages: Message[];
  readonly ephemerals: Ephemeral[];
  readonly modals: Map<string, View>;
  readonly homes: Map<string, View>;
  readonly files: Map<string, StoredFile>;
  readonly happenings: Happening[];
  readonly pings: Ping[];
  readonly listeners: Set<() => void>;
  readonly clock: () => Date;
  /** The last ts, in microseconds. The next one is later, even if the clock has moved back. */
  lastTs: number;
  lastId: number;
}

export function createState(clock: () => Date): State {
  const team = { id: 'T0SANDBOX', domain: 'sandbox', name: 'Sandbox' };
  const bot = {
    userId: 'U0HOSTCACHE',
    botId: 'B0HOSTCACHE',
    appId: 'A0HOSTCACHE',
    name: 'hostcache',
  };
  return {
    team,
    bot,
    users: new Map([[bot.userId, botUser(bot, team)]]),
    channels: new Map(),
    groups: new Map(),
    messages: [],
    ephemerals: [],
    modals: new Map(),
    homes: new Map(),
    files: new Map(),
    happenings: [],
    pings: [],
    listeners: new Set(),
    clock,
    lastTs: 0,
    lastId: 0,
  };
}

function botUser(bot: Bot, team: Team): User {
  return {
    id: bot.userId,
    name: bot.name,
    realName: bot.name,
    teamId: team.id,
    isBot: true,
    isRestricted: false,
    isUltraRestricted: false,
    isStranger: false,
    isAdmin: false,
    deleted: false,
    timezone: 'Etc/UTC',
  };
}

/** The next message id: the clock's second and six more digits, always larger than the last one. */
export function nextTs(state: State): string {
  const now = Math.floor(state.clock().getTime() / 1000) * 1_000_000 + 100;
  state.lastTs = Math.max(now, state.lastTs + 100);
  const digits = String(state.lastTs);
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** An id in Slack's form: `prefix`, then capital letters and digits. */
export function nextId(state: State, prefix: string): string {
  state.lastId += 1;
  return `${prefix}0${state.lastId.toString(36).toUpperCase().padStart(8, '0')}`;
}

export function post(state: State, message: Message, via: Via): void {
  state.messages.push(message);
  record(state, { kind: 'posted', message, via, at: state.clock() }, message);
}

/** Replaces a message with its new state; false = the message no longer exists. */
export function edit(state: State, message: Message, via: Via): boolean {
  const index = state.messages.findIndex(
    (one) => one.channel === message.channel && one.ts === message.ts,
  );
  if (index === -1) {
    return false;
  }
  state.messages[index] = message;
  record(state, { kind: 'edited', message, via, at: state.clock() }, message);
  return true;
}

export function remove(state: State, message: Message, via: Via): void {
  const index = state.messages.indexOf(message);
  if (index !== -1) {
    state.messages.splice(index, 1);
    record(state, { kind: 'deleted', message, via, at: state.clock() });
  }
}

/** Shows an ephemeral message to one person; with `replaces`, in place of an earlier one. */
export function whisper(state: State, ephemeral: Ephemeral, via: Via): void {
  const index = state.ephemerals.findIndex((one) => one.id === ephemeral.id);
  const kind = index === -1 ? 'whispered' : 'rewhispered';
  if (index === -1) {
    state.ephemerals.push(ephemeral);
  } else {
    state.ephemerals[index] = ephemeral;
  }
  record(state, { kind, ephemeral, via, at: state.clock() }, ephemeral);
}

export function unwhisper(state: State, ephemeral: Ephemeral, via: Via): void {
  const index = state.ephemerals.findIndex((one) => one.id === ephemeral.id);
  if (index !== -1) {
    state.ephemerals.splice(index, 1);
    record(state, { kind: 'unwhispered', ephemeral, via, at: state.clock() });
  }
}

/** Keeps the latest `keep` happenings and private messages only; the others keep their places in the list. */
export function forget({ happenings, ephemerals, pings }: State, keep: number): void {
  for (let index = happenings.length - keep - 1; index >= 0; index -= 1) {
    const happening = happenings[index];
    if (happening === undefined || happening.kind === 'forgotten') break;
    happenings[index] = { kind: 'forgotten', at: happening.at, via: happening.via };
  }
  for (const list of [ephemerals, pings]) list.splice(0, Math.max(0, list.length - keep));
}

export function record(
  state: State,
  happening: Happening,
  drawn?: Drawn & { readonly channel: string; readonly ts: string },
): void {
  state.happenings.push(happening);
  if (drawn !== undefined) {
    const { channel, ts } = drawn;
    // Only the app's pings are recorded, not those that people write.
    const isApp = happening.via.how !== 'person';
    const notifies = happening.kind === 'posted';
    const pings = activesOf(drawn).map((one) => ({ ...one, channel, ts, notifies }));
    state.pings.push(...(isApp ? pings : []));
  }
  changed(state);
}

export function changed(state: State): void {
  for (const listener of [...state.listeners]) {
    listener();
  }
}

export function findMessage(state: State, channel: string, ts: string): Message | undefined {
  return state.messages.find((one) => one.channel === channel && one.ts === ts);
}

/** The replies of a thread, oldest first, without its root. */
export function repliesTo(state: State, channel: string, ts: string): readonly Message[] {
  return state.messages.filter((one) => one.channel === channel && one.threadTs === ts);
}
