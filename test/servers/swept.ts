import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessDay } from '../../src/access/record.ts';
import { openStore } from '../../src/adapters/store/store.ts';
import { messageText } from '../../src/adapters/terminal/text.ts';
import { createApp } from '../../src/app.ts';
import type { Message } from '../../src/chat/message.ts';
import type { Reply } from '../../src/chat/reply.ts';
import { composeInside } from '../../src/compose/inside.ts';
import type { Post, PostContent } from '../../src/outbox/store.ts';
import { sweepServer } from '../../src/sweep/sweep.ts';
import { createFakeLog, openDoor } from '../chat/fake-subcommand.ts';
import { createTargetInMemory } from '../journeys/target-in-memory.ts';
import { placeOf } from '../logins.ts';
import type { Stage } from './stage.ts';

/** A bot that sweeps the stage's server by hand: with a real state, its own clock, and posts that are kept. */

export interface Swept {
  /** Sweeps, and returns the kinds of the new posts. */
  sweep(): Promise<readonly PostContent['kind'][]>;
  /** What Alice is answered to a typed line. */
  say(line: string): Promise<Reply>;
  /** The text of an alert's card, as it was posted last; empty = there is none. */
  card(id: string): string;
  /** The texts in its thread. */
  thread(id: string): readonly string[];
  /** The lines of the buttons on its card. */
  buttons(id: string): readonly string[];
  /** What sweeps remember of logins. */
  days(): Promise<readonly AccessDay[]>;
  /** Moves the bot's clock on. */
  pass(minutes: number): void;
  /** The folder of its state. */
  readonly folder: string;
  close(): Promise<void>;
}

const ALICE = { kind: 'person', user: 'U0ALICE', channel: 'C0OPS', thread: null } as const;

/** `beside`: another replica, whose state it shares, and which is closed last. */
export async function openSwept({ target }: Stage, beside?: Swept): Promise<Swept> {
  const folder = beside?.folder ?? mkdtempSync(join(tmpdir(), 'hostcache-swept-'));
  const state = await openStore({ place: placeOf(`sqlite:${join(folder, 'state.db')}`) });
  const posts: Post[] = [];
  let aheadMs = 0;
  const save: typeof state.alerts.save = async (alerts, added, lease) => {
    const isSaved = await state.alerts.save(alerts, added, lease);
    if (isSaved) posts.push(...added);
    return isSaved;
  };
  const { server, resolver } = target;
  const whole = { ...createTargetInMemory(), server, resolver, channel: 'C0OPS' };
  const parts = composeInside({
    targets: [whole],
    state: { ...state, alerts: { ...state.alerts, save } },
    log: createFakeLog(),
    now: () => new Date(Date.now() + aheadMs),
  });
  const app = createApp(parts, openDoor);
  const about = (id: string) => posts.filter(({ subject }) => subject === id);
  const cardOf = (id: string) =>
    about(id)
      .map(({ content }) => content)
      .findLast((content) => content.kind === 'root' || content.kind === 'edit')?.message;
  return {
    folder,
    sweep: async () => {
      const { length } = posts;
      const { kind } = await sweepServer(whole, parts);
      if (kind !== 'swept') throw new Error(`expected a finished sweep, got ${kind}`);
      return posts.slice(length).map(({ content }) => content.kind);
    },
    say: (line) => app.read(line, ALICE).run(),
    card: (id) => textOf(cardOf(id)),
    thread: (id) =>
      about(id).flatMap(({ content }) => (content.kind === 'reply' ? textOf(content.message) : [])),
    buttons: (id) =>
      (cardOf(id)?.blocks ?? []).flatMap((block) =>
        block.kind === 'buttons' ? block.buttons.map(({ line }) => line) : [],
      ),
    days: () => state.access.days(server.name, ''),
    pass: (minutes) => {
      aheadMs += minutes * 60_000;
    },
    close: async () => {
      await state.close();
      if (beside === undefined) rmSync(folder, { recursive: true });
    },
  };
}

function textOf(message: Message | undefined): string {
  const paper = { width: Infinity, isColoured: false, offers: () => false };
  return message === undefined ? '' : messageText(message, paper);
}
