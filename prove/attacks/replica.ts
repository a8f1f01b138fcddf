// One bot in this process, composed as main.ts composes it; it can be killed between any two steps. Does I/O.
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { createChat } from '../../src/adapters/slack/chat.ts';
import { createPeople } from '../../src/adapters/slack/people.ts';
import { createPermalink } from '../../src/adapters/slack/permalinks.ts';
import { createSlack } from '../../src/adapters/slack/slack.ts';
import type { State } from '../../src/adapters/store/store.ts';
import { createApp } from '../../src/app.ts';
import { createGuard } from '../../src/chat/guard.ts';
import type { Log } from '../../src/chat/log.ts';
import { isFirst } from '../../src/chat/once.ts';
import { pause } from '../../src/chat/waiting.ts';
import { createBackground } from '../../src/compose/background.ts';
import { composeInside } from '../../src/compose/inside.ts';
import { maintainRequests } from '../../src/flush/maintenance.ts';
import type { FlushTarget } from '../../src/flush/parts.ts';
import { createOutbox } from '../../src/outbox/outbox.ts';

const LOOK_MS = 10;

export interface Replica {
  /** Events that are being answered, and flushes that run. */
  readonly busy: () => number;
  maintain(): Promise<void>;
  /** From the step after that many on, it does nothing more, as if killed there; null = it lives. */
  dieAfter(steps: number | null): void;
  readonly isDead: () => boolean;
  /** Closes its connections to Slack; a dead one leaves everything else as it is. */
  stop(): Promise<void>;
}

export interface ReplicaOptions {
  readonly peer: SlackPeer;
  /** null = Socket Mode. */
  readonly port: number | null;
  readonly state: State;
  readonly targets: readonly FlushTarget[];
  /** The clock of the bot. Slack's signatures are judged by the real one. */
  readonly now: () => Date;
  readonly holder: string;
  readonly log: Log;
}

export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  const life = createLife();
  const { slack, outbox, background, running, parts } = compose(options, life);
  await slack.start();
  outbox.start();
  return {
    busy: () => (life.isDead() ? 0 : slack.inFlight() + running()),
    maintain: () => maintainRequests(parts),
    dieAfter: life.dieAfter,
    isDead: life.isDead,
    stop: async () => {
      if (life.isDead()) {
        // Its lines never end; the sockets close first.
        void slack.stop();
        void outbox.stop();
        return;
      }
      await slack.stop();
      await background.settled();
      await outbox.stop();
    },
  };
}

function compose(options: ReplicaOptions, life: Life) {
  const { peer, port, now, holder, log } = options;
  const state = mortal(options.state, life);
  const { botToken, appToken, signingSecret, apiUrl } = peer;
  const access = { botToken, apiUrl, log };
  const people = createPeople({ ...access, now });
  const sending = { chat: createChat(access), holder, chance: Math.random };
  const outbox = createOutbox({ store: state.outbox, now, log, ...sending });
  const background = createBackground(log);
  let running = 0;
  const parts = composeInside({
    targets: options.targets.map((target) => mortalTarget(target, life)),
    ...{ state, people, log, now, holder },
    permalink: createPermalink(access),
    requestTtlMs: 600_000,
    wake: outbox.wake,
    // The card is posted within a few milliseconds here.
    wait: () => pause(LOOK_MS),
    inBackground: (work) => {
      running += 1;
      background.add(work.finally(() => (running -= 1)));
    },
  });
  const { read, refusal, home } = createApp(parts, createGuard({ operators: [], people, log }));
  const http = { mode: 'http', signingSecret, port: port ?? 0 } as const;
  const transport = port === null ? ({ mode: 'socket', appToken } as const) : http;
  const slack = createSlack({
    config: { botToken, apiUrl, transport },
    ...{ read, refusal, home, log },
    isFirst: (what, minutes) => isFirst(what, minutes, parts),
    now: () => new Date(),
  });
  return { slack, outbox, background, running: () => running, parts };
}

function createLife() {
  let left: number | null = null;
  return {
    dieAfter: (steps: number | null) => {
      left = steps;
    },
    isDead: () => left !== null && left <= 0,
    /** Before each step; never resolves once it is dead. */
    step: (): Promise<void> => {
      if (left === null) return Promise.resolve();
      left -= 1;
      return left < 0 ? new Promise(() => undefined) : Promise.resolve();
    },
  };
}

type Life = ReturnType<typeof createLife>;

function mortal(state: State, life: Life): State {
  const { alerts, silences, sweeps, outbox, leases, flushes } = state;
  return {
    ...state,
    alerts: stepping(alerts, life),
    silences: stepping(silences, life),
    sweeps: stepping(sweeps, life),
    outbox: stepping(outbox, life),
    leases: stepping(leases, life),
    flushes: stepping(flushes, life),
  };
}

function mortalTarget(target: FlushTarget, life: Life): FlushTarget {
  const { flusher } = target;
  if (flusher === null) return target;
  const open = async () => {
    await life.step();
    return stepping(await flusher.open(), life, ['close']);
  };
  return { ...target, flusher: { ...flusher, open } };
}

/** The same, with one step before and one after each call. */
function stepping<T extends object>(port: T, life: Life, except: readonly string[] = []): T {
  return new Proxy(port, {
    get: (asked, key) => {
      const method: unknown = Reflect.get(asked, key);
      if (typeof method !== 'function' || except.includes(String(key))) return method;
      return async (...given: unknown[]) => {
        await life.step();
        const result: unknown = await method.apply(asked, given);
        await life.step();
        return result;
      };
    },
  });
}
