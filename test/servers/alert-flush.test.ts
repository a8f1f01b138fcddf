import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type State } from '../../src/adapters/store/store.ts';
import { plain } from '../../src/chat/message.ts';
import { composeInside } from '../../src/compose/inside.ts';
import { sweepServer } from '../../src/sweep/sweep.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { FLAVOURS, openStage, type Stage } from './stage.ts';

/** Alerts offer a flush only while it helps a host on them; real logins agree. */

const NAME = 'shop.example.com';
const LOGIN = { user: 'shop' };
const NULLS = ['240.0.0.1', '240.0.0.2', '240.0.0.3'] as const;
const STALE = '240.0.0.9';

describe.each(FLAVOURS)('%s', (flavour) => {
  let stage: Stage;
  let state: State;
  const folder = mkdtempSync(join(tmpdir(), 'hostcache-'));
  let now = new Date('2026-11-20T12:00:00Z');

  beforeAll(async () => {
    stage = await openStage({ flavour, args: ['--max-connect-errors=2'] });
    state = await openStore({ place: { kind: 'sqlite', file: join(folder, 'state.db') } });
    await stage.world.query(`CREATE USER shop@'${NAME}'`);
  });
  afterAll(async () => {
    await state.close();
    rmSync(folder, { recursive: true });
    await stage.close();
  });

  /** The text of each alert that a sweep posts or edits, with its buttons, by rule. */
  async function swept(): Promise<Readonly<Record<string, string>>> {
    now = new Date(now.getTime() + 300_000);
    const parts = composeInside({ targets: [], state, log: createFakeLog(), now: () => now });
    const outcome = await sweepServer({ ...stage.target, channel: 'C0DBA' }, parts);
    if (outcome.kind !== 'swept') throw new Error(`expected a sweep, got ${outcome.kind}`);
    const rules = new Map((await state.alerts.open()).map(({ id, rule }) => [id, rule]));
    const told: Record<string, string> = {};
    for (;;) {
      const [post] = await state.outbox.take('me', now, now);
      if (post === undefined) return told;
      const { id, subject, content } = post;
      if (content.kind === 'root' || content.kind === 'edit') {
        const words = content.message.blocks.map((block) => {
          if (block.kind === 'buttons')
            return block.buttons.map(({ label }) => `[${label}]`).join();
          return 'spans' in block ? plain(block.spans) : '';
        });
        told[rules.get(subject) ?? subject] = words.join('\n');
      }
      await state.outbox.begin(id, 'me', now);
      await state.outbox.sent(id, '1', now);
    }
  }

  it('NULL hosts: first DNS, then a flush', async () => {
    const { world } = stage;
    for (const client of NULLS) {
      expect(await world.connectFrom(client, LOGIN)).toMatchObject({ outcome: 'error' });
    }
    const first = (await swept())['null-host'];
    expect(first).toContain('A flush cures none of them now; 3 need DNS fixed first.');
    expect(first).not.toMatch(/Request flush|To flush this server/);
    expect(await swept()).toEqual({});

    world.dns.host(NULLS[0], NAME);
    world.dns.host(NULLS[1], 'nobody.example.com');
    const fixed = (await swept())['null-host'];
    expect(fixed).toContain(
      'A flush cures 1 of them now; 1 needs DNS fixed first; it changes nothing for 1.',
    );
    expect(fixed).toMatch(/To flush this server: [\s\S]*\[Request flush…\]/);
    await stage.flush();
    expect(await world.connectFrom(NULLS[0], LOGIN)).toMatchObject({ outcome: 'admitted' });
    expect(await world.connectFrom(NULLS[1], LOGIN)).toMatchObject({ outcome: 'error' });
    expect(await world.connectFrom(NULLS[2], LOGIN)).toMatchObject({ outcome: 'error' });
  });

  it('a stale name: no flush is offered while it would keep the host out', async () => {
    const { world } = stage;
    world.dns.clear();
    await stage.flush();
    world.dns.host(STALE, NAME);
    expect(await world.connectFrom(STALE, LOGIN)).toMatchObject({ outcome: 'admitted' });
    world.dns.ptr(STALE, 'NXDOMAIN');
    expect((await swept())['stale-host']).not.toMatch(/Request flush|To flush this server/);
    await stage.flush();
    expect(await world.connectFrom(STALE, LOGIN)).toMatchObject({ outcome: 'error' });

    world.dns.clear();
    await stage.flush();
    world.dns.host(STALE, 'old.example.com');
    await world.connectFrom(STALE, LOGIN);
    world.dns.clear();
    world.dns.host(STALE, NAME);
    expect((await swept())['stale-host']).toContain('[Request flush…]');
    await stage.flush();
    expect(await world.connectFrom(STALE, LOGIN)).toMatchObject({ outcome: 'admitted' });
  });

  it('a blocked host: a flush is offered, unless it loses its name', async () => {
    const { world } = stage;
    world.dns.clear();
    await stage.flush();
    world.dns.host(STALE, NAME);
    await world.breakHandshakeFrom(STALE, 2);
    expect((await swept())['blocked-host']).toContain('[Request flush…]');
    world.dns.ptr(STALE, 'NXDOMAIN');
    expect((await swept())['blocked-host']).not.toMatch(/Request flush|To flush this server/);
  });
});
