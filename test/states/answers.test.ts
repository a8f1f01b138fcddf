import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flawsOfView } from '../../sandbox/slack/drawing-rules.ts';
import { activesOf } from '../../sandbox/slack/shown.ts';
import { homeView, type SlackMessage } from '../../src/adapters/slack/blocks.ts';
import { sendReply } from '../../src/adapters/slack/send-reply.ts';
import { openStore, type State } from '../../src/adapters/store/store.ts';
import type { App } from '../../src/app.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { createInside } from './app.ts';
import { targetOf } from './full-server.ts';
import { fillState } from './full-state.ts';
import { expectSound, expectTaken } from './sound.ts';
import { LONG_ADDRESS, LONG_SERVER, WORDS } from './words.ts';

/** The answers of every subcommand, and App Home, with hostile names, for one server and for two hundred. */

const LINES = [
  `why ${LONG_ADDRESS}`,
  'why 192.0.2.7 as app on nowhere',
  'why 192.0.2.999',
  ...['errors', 'all', 'blocked', 'null', 'stale'].map((kind) => `list ${kind}`),
  'list nonsense',
  'accounts',
  `accounts ${LONG_ADDRESS}`,
  'audit',
  `audit on ${LONG_SERVER.slice(0, -3)}1`,
  'pending',
  'status',
  'silences',
  'silence null-host for 4h',
  'silence nowhere for 4h why not',
  'unsilence SI-999',
  'ack AL-1',
  'ack AL-999',
  'history',
  `timeline ${LONG_ADDRESS}`,
  'timeline nowhere.example.com',
  'timeline',
  'flush on nowhere it hurts',
  `flush on ${LONG_SERVER} it hurts`,
  `flush on ${LONG_SERVER.slice(0, -3)}1 it hurts`,
  `flush on ${LONG_SERVER.slice(0, -3)}9 it hurts`,
  'approve FR-25',
  'approve FR-999',
  'reject FR-999',
  'doctor',
  'explain ERROR 1040 (08004): Too many connections',
  'explain good morning',
  'help',
  ...['why', 'list', 'silence', 'flush', 'nonsense'].map((name) => `help ${name}`),
  'hlep',
  'merp',
];

const CALLER = { kind: 'person', user: 'U0ALICE', channel: 'C0OPS', thread: null } as const;
const PEOPLE = { people: ['U0ALICE', 'U0BOB', 'C0OPS'] };

describe.each(WORDS)('$name words', (words) => {
  const folder = mkdtempSync(join(tmpdir(), 'hostcache-states-'));
  let state: State;
  let inside: App;
  let fleet: App;

  beforeAll(async () => {
    state = await openStore({ place: { kind: 'sqlite', file: join(folder, 'state.db') } });
    await fillState(state, words);
    const checks = [
      {
        name: `${LONG_SERVER}: reading account`,
        run: async () => [
          { level: 'red', says: words.says, next: words.says, statements: [words.says] } as const,
          { level: 'green', says: words.says, next: null, statements: [] } as const,
        ],
      },
    ];
    inside = createInside({ targets: [targetOf(LONG_SERVER, words)], state, checks });
    const names = Array.from({ length: 200 }, (_, at) => `${LONG_SERVER.slice(0, -3)}${at}`);
    const many = names.flatMap(() => checks);
    const targets = names.map((name) => targetOf(name, words, 6));
    fleet = createInside({ targets, state, checks: many });
  });

  afterAll(async () => {
    await state.close();
    rmSync(folder, { recursive: true });
  });

  /** The payloads that Slack would get. */
  async function delivered(app: App, line: string): Promise<readonly SlackMessage[]> {
    const sent: SlackMessage[] = [];
    const respond = async (payload: unknown) => {
      // Once there is a reply, only drawn messages are sent.
      sent.push(payload as SlackMessage);
      return Response.json({ ok: true });
    };
    const reply = Promise.resolve(await app.read(line, CALLER).run());
    const wait = () => new Promise<void>(() => undefined);
    const asked = { from: 'command', thread: null } as const;
    await sendReply(reply, asked, { respond, wait, log: createFakeLog() });
    return sent;
  }

  const drawn = ({ text, blocks }: SlackMessage): SlackMessage => ({ text, blocks });

  it.each(LINES)('%s', async (line) => {
    const { messages } = await inside.read(line, CALLER).run();
    expect(messages).not.toEqual([]);
    for (const message of messages) expectSound(message, PEOPLE);
    const all = await delivered(fleet, line);
    expect(all.length).toBeGreaterThan(0);
    expect(all.length).toBeLessThanOrEqual(3);
    for (const one of all) expectTaken(drawn(one), PEOPLE);
  });

  it.each(['one server', 'two hundred'])('App Home of %s', async (which) => {
    const view = homeView(await (which === 'one server' ? inside : fleet).home('U0ALICE'));
    expect(flawsOfView(view)).toEqual([]);
    // It has Slack's own types.
    const shown = view as unknown as Parameters<typeof activesOf>[0];
    const others = activesOf(shown).filter(({ target }) => !PEOPLE.people.includes(target));
    expect(others).toEqual([]);
  });
});
