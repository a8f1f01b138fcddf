import { vi } from 'vitest';
import { createOutbox, type Outbox } from '../../src/outbox/outbox.ts';
import type { OutboxStore } from '../../src/outbox/store.ts';
import { createChance } from '../chance.ts';
import { createFakeLog, type Line } from '../chat/fake-subcommand.ts';
import { createFakeChat, type FakeChat } from '../fakes/chat.ts';
import { createMemoryOutboxStore, type MemoryOutboxStore } from '../fakes/outbox-store.ts';
import { QUEUED_AT } from './posts.ts';

/** An outbox between a store and a chat in memory, on a clock that the test moves. */

export interface Stage {
  readonly store: MemoryOutboxStore;
  readonly chat: FakeChat;
  readonly outbox: Outbox;
  readonly logged: readonly Line[];
  /** The keys of what stands in the chat, in order. */
  readonly said: () => readonly string[];
}

export interface StageOptions {
  readonly canFind?: boolean;
  /** Stands between the outbox and the store. */
  readonly before?: (store: OutboxStore) => OutboxStore;
}

/** Call `vi.useFakeTimers` first; not yet started. */
export function createStage({
  canFind = true,
  before = (store) => store,
}: StageOptions = {}): Stage {
  vi.setSystemTime(QUEUED_AT);
  const now = () => new Date();
  const chance = createChance();
  const log = createFakeLog();
  const store = createMemoryOutboxStore();
  const chat = createFakeChat({ now, canFind });
  const outbox = createOutbox({ store: before(store), chat, now, log, holder: 'one', chance });
  const said = () => chat.said.map(({ key }) => key);
  return { store, chat, outbox, logged: log.lines, said };
}

/** Moves the clock, and lets happen what then happens. */
export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}
