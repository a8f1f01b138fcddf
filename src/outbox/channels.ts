import type { Log } from '../chat/log.ts';
import type { Chat } from './chat.ts';
import { type Carried, carry } from './deliver.ts';
import { isFault, isRateLimit, type Outcome, outcomeOf } from './outcome.ts';
import { createPause } from './pause.ts';
import type { Ledger } from './results.ts';
import type { OutboxStore, TakenPost } from './store.ts';

/** Asks the world: the posts under way, one in a channel, each channel at its own pace. */

export interface LaneParts {
  readonly store: OutboxStore;
  readonly chat: Chat;
  readonly ledger: Ledger;
  readonly now: () => Date;
  readonly log: Log;
  readonly holder: string;
  /** Draws a number from 0 to 1, by which waits are spread. */
  readonly chance: () => number;
}

export interface Lanes {
  /** Never rejects. */
  run(post: TakenPost, heldUntil: Date): Promise<void>;
  /** Lets go what is not begun; resolves when the rest has come to an end. */
  close(): Promise<void>;
  rateLimited(): number;
}

/** Longer than any one step with Slack takes; what a killed process held waits as long. */
export const HOLD_MS = 30_000;

/** Slack takes one message a second in a channel (docs.slack.dev, chat.postMessage). */
const GAP_MS = 1000;

interface Lane {
  restUntil: Date;
  /** How often in a row the platform has failed here. */
  faults: number;
}

export function createLanes(parts: LaneParts): Lanes {
  const { ledger, now, log, chance } = parts;
  const lanes = new Map<string, Lane>();
  const underWay = new Map<string, Promise<void>>();
  const rest = createPause();
  let rateLimited = 0;

  async function drive(post: TakenPost, takenUntil: Date): Promise<void> {
    const { id, channel } = post;
    const lane = lanes.get(channel) ?? { restUntil: now(), faults: 0 };
    lanes.set(channel, lane);
    await rest.wait(lane.restUntil.getTime() - now().getTime());
    if (rest.isClosed()) return await ledger.enter(letGo(post, takenUntil, now()));
    const { carried, heldUntil } = await carryIn(lane, post, takenUntil, parts);
    const outcome = outcomeOf(carried, { now: now(), faults: lane.faults, chance: chance() });
    lane.faults = isFault(carried) ? lane.faults + 1 : 0;
    if (isRateLimit(carried)) rateLimited += 1;
    tell(log, post, carried, outcome);
    await ledger.enter({ id, outcome, heldUntil });
  }

  return {
    run: async (post, heldUntil) => {
      // Taken anew because its hold was over, while we are still at it.
      if (underWay.has(post.id)) return;
      const driven = drive(post, heldUntil).catch((error: unknown) => {
        // When its hold is over it is taken again, and looked for if it was begun.
        log.error('a post was left where it is', { id: post.id, error });
      });
      underWay.set(post.id, driven);
      await driven;
      underWay.delete(post.id);
    },
    close: async () => {
      rest.close();
      await Promise.all(underWay.values());
    },
    rateLimited: () => rateLimited,
  };
}

interface Carriage {
  readonly carried: Carried;
  readonly heldUntil: Date;
}

async function carryIn(
  lane: Lane,
  post: TakenPost,
  takenUntil: Date,
  { store, chat, now, log, holder }: LaneParts,
): Promise<Carriage> {
  let heldUntil = takenUntil;
  const begin = async () => {
    heldUntil = after(now(), HOLD_MS);
    lane.restUntil = after(now(), GAP_MS);
    return await store.begin(post.id, holder, heldUntil);
  };
  const carried = await carry(post, { chat, begin, now, log });
  return { carried, heldUntil };
}

function letGo({ id, wasBegun }: TakenPost, heldUntil: Date, now: Date) {
  const outcome = { kind: 'later', dueAt: now, wasBegun, why: 'the bot was stopped' } as const;
  return { id, outcome, heldUntil };
}

function tell(log: Log, post: TakenPost, carried: Carried, outcome: Outcome): void {
  const { id, subject, channel, content, attempts } = post;
  const facts = { id, subject, channel, content: content.kind, attempts: attempts + 1 };
  switch (outcome.kind) {
    case 'sent':
      log.debug('said', facts);
      break;
    case 'refused':
      log.error('given up', { ...facts, why: outcome.why });
      break;
    case 'later': {
      const { why, dueAt } = outcome;
      if (isFault(carried)) log.warn('not said yet', { ...facts, kind: carried.kind, why, dueAt });
      else log.info('the chat asks for a pause', { ...facts, dueAt });
      break;
    }
    case 'left':
      log.debug('in other hands', facts);
      break;
  }
}

function after(from: Date, ms: number): Date {
  return new Date(from.getTime() + ms);
}
