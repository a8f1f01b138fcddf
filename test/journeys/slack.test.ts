import { afterEach, describe, expect, it } from 'vitest';
import { activesOf } from '../../sandbox/slack/shown.ts';
import { createFakeSubcommand, spoken } from '../chat/fake-subcommand.ts';
import { createGate, type Mode, type Stage, startBot } from './bot.ts';

/** `/hostcache` as people see it, in both modes; what only HTTP mode has is in slack-http.test.ts. */

const CLIENT = '240.221.242.64';
const PASTED = `[MySQL](ODBC Driver) Host '${CLIENT}' is not allowed to connect to this MySQL server`;
const ACKNOWLEDGE_MS = 3000;
const HOSTILE = 'x<!channel>*pwn*\u202Egpj.exe <https://evil.example|click> ``` &lt;';

let stage: Stage | null = null;

async function start(...given: Parameters<typeof startBot>): Promise<Stage> {
  stage = await startBot(...given);
  return stage;
}

/** Everything that Slack would refuse, and every failure that a person saw. */
function troubles({ peer }: Stage): readonly unknown[] {
  return [...peer.refusals, ...peer.failures, ...peer.ignored];
}

afterEach(async () => {
  await stage?.stop();
  stage = null;
});

describe.each<Mode>(['socket', 'http'])('in %s mode', (mode) => {
  it.each([
    { name: 'why', line: `/hostcache why ${CLIENT} as jdoe` },
    { name: 'a bare client', line: `/hostcache ${CLIENT}` },
    { name: 'a pasted error', line: `/hostcache ${PASTED}` },
    { name: 'a pasted link', line: `/hostcache why <http://${CLIENT}|${CLIENT}>` },
  ])('$name is answered in private', async ({ line }) => {
    const on = await start(mode);
    const asked = await on.peer.command(on.alice, on.ops, line);
    expect(asked).toMatchObject({ failure: null, answers: [] });
    const answer = await asked.answer(/240/);
    expect(answer).toMatchObject({ isPrivate: true, via: 'response_url' });
    expect(answer.text).toContain(CLIENT);
    expect(answer.text).toContain("'jdoe'@'merp.example.com'");
    expect(troubles(on)).toEqual([]);
  });

  it('"Post to channel" posts for all, and leaves the private answer', async () => {
    const on = await start(mode);
    const asked = await on.peer.command(on.alice, on.ops, `/hostcache why ${CLIENT}`);
    const { shown } = await asked.answer();
    if (shown.kind !== 'ephemeral') throw new Error('expected a private answer');
    const click = await on.peer.click(on.alice, shown, { text: 'Post to channel' });
    expect(await click.answer()).toMatchObject({ isPrivate: false });
    expect(on.peer.workspace.ephemeralsFor(on.alice)).toHaveLength(1);
    expect(on.peer.workspace.roots(on.ops)).toHaveLength(1);
    expect(troubles(on)).toEqual([]);
  });

  it('a click on a public message answers the clicker alone, and leaves the message', async () => {
    const on = await start(mode);
    await on.peer.command(on.alice, on.ops, `/hostcache why ${CLIENT} publicly`);
    const [posted] = await on.peer.workspace.until(() => {
      const roots = on.peer.workspace.roots(on.ops);
      return roots.length > 0 && roots;
    });
    if (posted === undefined) throw new Error('expected a public answer');
    const bob = on.peer.workspace.addUser({ name: 'bob' }).id;
    on.peer.workspace.changeChannel(on.ops, { members: [on.alice, bob] });
    const click = await on.peer.click(bob, posted, { text: 'Check again' });
    expect(await click.answer()).toMatchObject({
      isPrivate: true,
      replaced: false,
      shown: { threadTs: null },
    });
    expect(on.peer.workspace.message(on.ops, posted.ts)).toEqual(posted);
    expect(troubles(on)).toEqual([]);
  });

  it('a slow server is acknowledged at once, and its answer takes the place of "Looking…"', async () => {
    const server = createGate();
    const on = await start(mode, { held: server.opened, patience: Promise.resolve() });
    const asked = await on.peer.command(on.alice, on.ops, `/hostcache why ${CLIENT}`);
    expect(asked).toMatchObject({ failure: null, answers: [] });
    expect((await asked.answer(/./)).text).toBe('Looking…');
    server.open();
    expect(await asked.answer(/240/)).toMatchObject({ replaced: true });
    expect(on.peer.workspace.ephemeralsFor(on.alice)).toHaveLength(1);
    expect(troubles(on)).toEqual([]);
  });

  it('foreign words come out as words', async () => {
    const long = `${HOSTILE} ${'h'.repeat(300)}`;
    const on = await start(mode, { user: long, host: 'merp.example.com', ptr: HOSTILE });
    for (const line of [
      `/hostcache why ${CLIENT}`,
      `/hostcache why ${CLIENT} as "${HOSTILE}"`,
      `/hostcache explain ${long}`,
      `/hostcache ${long}`,
      `/hostcache help ${HOSTILE}`,
      `/hostcache Host '${HOSTILE}' is not allowed to connect to this MySQL server`,
    ]) {
      const asked = await on.peer.command(on.alice, on.ops, line);
      const { shown } = await asked.answer();
      const isOurs = ({ target }: { target: string }) =>
        /^https:\/\/dev\.mysql\.com\//.test(target);
      const written = activesOf(shown).filter(({ isAuto }) => !isAuto);
      expect(written.filter((each) => !isOurs(each))).toEqual([]);
    }
    expect(on.peer.workspace.broadcasts).toEqual([]);
    expect(troubles(on)).toEqual([]);
  });

  it('a Slack that stumbles gets the answer again', async () => {
    const on = await start(mode);
    const fault = { kind: 'http-error', status: 500, when: 'before' } as const;
    on.peer.fail({ method: 'response_url', fault, times: 1 });
    const asked = await on.peer.command(on.alice, on.ops, `/hostcache why ${CLIENT}`);
    expect((await asked.answer(/240/)).text).toContain(CLIENT);
    expect(troubles(on)).toEqual([]);
  });

  it('"Check again" replaces the private answer that it is in', async () => {
    const buttons = [{ label: 'Again', line: 'tick', says: 'Tick again', replaces: true }];
    const messages = [{ headline: 'tick', blocks: [{ kind: 'buttons', buttons }] }] as const;
    const tick = createFakeSubcommand('tick', ['slack'], async () => spoken('', { messages }));
    const on = await start(mode, {}, [tick]);
    const asked = await on.peer.command(on.alice, on.ops, '/hostcache tick');
    const { shown } = await asked.answer();
    if (shown.kind !== 'ephemeral') throw new Error('expected a private answer');
    const click = await on.peer.click(on.alice, shown, { text: 'Again' });
    expect(await click.answer()).toMatchObject({ replaced: true });
    expect(tick.asked.map(({ caller }) => caller)).toMatchObject([
      { kind: 'person', user: on.alice, channel: on.ops, thread: null },
      { kind: 'person', user: on.alice, channel: on.ops, thread: null, isClick: true },
    ]);
    expect(troubles(on)).toEqual([]);
  });

  it('a stop waits for the answer under way', async () => {
    const server = createGate();
    const on = await start(mode, { held: server.opened });
    const asked = await on.peer.command(on.alice, on.ops, `/hostcache why ${CLIENT}`);
    const stopping = on.stop();
    // It gets no more messages, but is still running.
    const hears = async () =>
      mode === 'socket'
        ? on.peer.sockets.length > 0
        : await fetch(on.address).then(Boolean, () => false);
    await expect.poll(hears).toBe(false);
    server.open();
    expect((await asked.answer(/240/)).text).toContain(CLIENT);
    await stopping;
    stage = null;
  });
});

describe('Socket Mode', () => {
  it('loses none of 50 commands and more while a socket is recycled every second', async () => {
    const on = await start('socket');
    const { peer } = on;
    await peer.connected(2);
    const stopRecycling = peer.recycle(1000);
    const seen = new Set(peer.sockets);
    // The first two sockets, and each replacement.
    for (let count = 0; count < 50 || seen.size < 6; count += 1) {
      const asked = await peer.command(on.alice, on.ops, `/hostcache why ${CLIENT}`);
      await asked.answer(/240/);
      for (const socket of peer.sockets) seen.add(socket);
    }
    stopRecycling();
    expect(troubles(on)).toEqual([]);
    expect(on.logged.filter(({ level }) => level !== 'debug')).toEqual([]);
  });

  it.each(['warning', 'too_many_websockets', 'link_disabled'] as const)(
    'comes back after %s on both sockets at once',
    async (reason) => {
      const on = await start('socket');
      await on.peer.connected(2);
      const before = on.peer.sockets;
      on.peer.disconnect(reason);
      await on.peer.workspace.until(() => true);
      await on.peer.connected(2);
      expect(on.peer.sockets.some((socket) => before.includes(socket))).toBe(false);
      const asked = await on.peer.command(on.alice, on.ops, `/hostcache why ${CLIENT}`);
      expect((await asked.answer(/240/)).text).toContain(CLIENT);
    },
  );

  it('waits half a second before it tries again, longer each time, 15 s at most', async () => {
    const waitsMs: number[] = [];
    const on = await start('socket', { pause: async (ms) => void waitsMs.push(ms) });
    await on.peer.connected(2);
    const fault = { kind: 'refusal', error: 'internal_error' } as const;
    const refusal = on.peer.fail({ method: 'apps.connections.open', fault, times: 12 });
    on.peer.cut(on.peer.sockets[0]);
    await expect.poll(refusal.hits).toBe(12);
    await on.peer.connected(2);
    // No wait before the first try, and the time until the old connection is closed.
    const backOff = waitsMs.filter((ms) => ms > 0 && ms !== ACKNOWLEDGE_MS);
    expect(backOff.slice(0, 4)).toEqual([500, 750, 1125, 1687.5]);
    expect(backOff.slice(9, 12)).toEqual([15_000, 15_000, 15_000]);
  });

  it('comes back after both connections were lost without a word', async () => {
    const on = await start('socket');
    await on.peer.connected(2);
    on.peer.cut();
    await on.peer.connected(2);
    const asked = await on.peer.command(on.alice, on.ops, `/hostcache why ${CLIENT}`);
    expect((await asked.answer(/240/)).text).toContain(CLIENT);
  });
});
