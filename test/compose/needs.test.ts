import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore, type State } from '../../src/adapters/store/store.ts';
import { createApp, SUBCOMMANDS } from '../../src/app.ts';
import { composeInside } from '../../src/compose/inside.ts';
import { createFakePeople } from '../chat/fake-people.ts';
import { createFakeLog, openDoor } from '../chat/fake-subcommand.ts';
import { targetOf } from '../states/full-server.ts';
import { WORDS } from '../states/words.ts';

/** Each subcommand works with nothing but what it declares. */

const CALLER = { kind: 'person', user: 'U0ALICE', channel: 'C0DBA', thread: null } as const;
const folder = mkdtempSync(join(tmpdir(), 'hostcache-needs-'));
let state: State;

beforeAll(async () => {
  state = await openStore({ place: { kind: 'sqlite', file: join(folder, 'state.db') } });
});

afterAll(async () => {
  await state.close();
  rmSync(folder, { recursive: true });
});

it.each(SUBCOMMANDS)('$name', async ({ example, needs, surfaces }) => {
  const log = createFakeLog();
  const parts = composeInside({
    ...{ log, now: () => new Date('2026-11-21T04:00:12Z') },
    targets: needs.includes('mysql')
      ? WORDS.slice(0, 1).map((words) => targetOf('main', words, 6))
      : [],
    state: needs.includes('state') ? state : null,
    serveMcp: async () => undefined,
    ...(needs.includes('slack') && { people: createFakePeople({}), start: async () => undefined }),
  });
  const app = createApp(parts, openDoor);
  const reply = surfaces.includes('slack')
    ? await app.read(example, CALLER).run()
    : await app.runWords({ words: example.split(' '), options: {} });
  // If a subcommand uses something that it does not declare, that is a bug, and it is logged.
  expect(log.lines).toEqual([]);
  expect(reply.exit).toBeLessThan(3);
});
