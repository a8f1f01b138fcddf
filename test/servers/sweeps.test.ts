import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FLAVOURS, openStage, type Stage } from './stage.ts';
import { openSwept, type Swept } from './swept.ts';

/** What sweeps of a real server report. */

const LIMIT = 3;

describe.each(FLAVOURS)('%s', (flavour) => {
  let stage: Stage;
  let on: Swept;

  beforeAll(async () => {
    stage = await openStage({ flavour, args: [`--max-connect-errors=${LIMIT}`] });
  });
  afterAll(() => stage?.close());
  beforeEach(async () => {
    stage.world.dns.clear();
    await stage.flush();
    on = await openSwept(stage);
  });
  afterEach(() => on.close());

  it('NULL hosts where no account needs a name are no alert, until one does', async () => {
    const { world } = stage;
    await world.query("CREATE ROLE reporting; CREATE USER app@'10.%'");
    await world.connectFrom('10.0.0.1');
    expect(await on.sweep()).toEqual([]);
    await world.query("CREATE USER shop@'shop.example.com'");
    expect(await on.sweep()).toEqual(['root']);
    expect(on.card('AL-1')).toMatch(/^Firing: 1 host without a name on main\n.*firing/);
    await world.query("DROP USER shop@'shop.example.com'");
    await on.sweep();
    expect(on.card('AL-1')).toMatch(/How it ended: 10\.0\.0\.1: no account needs a name\./);
  });

  it('an acknowledged alert still says what the last sweep saw', async () => {
    await stage.world.query("CREATE USER IF NOT EXISTS shop@'shop.example.com'");
    await on.say('silence 10.0.0.2 for 1h it is ours');
    for (const last of [1, 2]) await stage.world.connectFrom(`10.0.0.${last}`);
    await on.sweep();
    const lines = on.card('AL-1').split('\n');
    await on.say('ack AL-1');
    const acknowledged = on.card('AL-1').split('\n');
    expect(acknowledged[1]).toMatch(/acknowledged by @?U0ALICE/);
    expect(acknowledged.slice(2)).toEqual(lines.slice(2));
    expect(lines.join('\n')).toMatch(
      /Some accounts here have a pattern.*A flush cures none of them/,
    );
    expect(lines).toContain('Also silenced: 1.');
    expect(await on.sweep()).toEqual([]);
  });

  it('a host that came and went ended as it did the last time', async () => {
    const { world } = stage;
    await world.query("CREATE USER IF NOT EXISTS shop@'shop.example.com'");
    for (const last of [1, 2, 3]) await world.connectFrom(`10.0.0.${last}`);
    await on.sweep();
    await world.query("DROP USER shop@'shop.example.com'");
    await on.sweep();
    expect(on.card('AL-1')).toMatch(/How it ended: .*10\.0\.0\.1: no account needs a name/);

    await world.query("CREATE USER shop@'shop.example.com'");
    expect(await on.sweep()).toEqual(['edit', 'reply']);
    expect(on.thread('AL-1').at(-1)).toContain('It is back.');
    await stage.flush();
    world.dns.host('10.0.0.1', 'one.example.com');
    for (const last of [1, 2]) await world.connectFrom(`10.0.0.${last}`);
    await on.sweep();
    expect(on.card('AL-1')).toMatch(/^Firing: 1 host without a name on main/);
    await world.query("DROP USER shop@'shop.example.com'");
    await on.sweep();
    const ends = /^How it ended.*$/m.exec(on.card('AL-1'))?.[0] ?? '';
    // A flush within the second of the last sweep does not show.
    expect(ends).toMatch(/10\.0\.0\.1: (the server knows it as one|the host cache was emptied)/);
    expect(ends).toMatch(/10\.0\.0\.2: no account needs a name/);
    expect(ends.match(/10\.0\.0\.\d/g)).toHaveLength(3);
  });

  it('new hosts are on the card at once, and in the thread at most once in 15 minutes', async () => {
    const { world } = stage;
    await world.query("CREATE USER IF NOT EXISTS shop@'shop.example.com'");
    let hosts = 0;
    const add = async () => {
      hosts += 1;
      await world.connectFrom(`10.0.0.${hosts}`);
      return await on.sweep();
    };
    expect(await add()).toEqual(['root']);
    expect(await add()).toEqual(['edit', 'reply']);
    on.pass(5);
    expect(await add()).toEqual(['edit']);
    on.pass(5);
    while (hosts < 11) expect(await add()).toEqual(['edit']);
    expect(on.card('AL-1')).toMatch(
      /^Firing: 11 hosts without a name.*the full list follows in the thread/s,
    );
    expect(await on.sweep()).toEqual([]);
    on.pass(5);
    expect(await on.sweep()).toEqual(['edit', 'reply', 'file']);
    expect(on.thread('AL-1')).toEqual([
      expect.stringMatching(/^Changed\.\nNew: 10\.0\.0\.2 /),
      expect.stringMatching(/^Changed\.\nNew: 10\.0\.0\.\d+ .* and 6 more\.$/m),
    ]);
    expect(on.card('AL-1')).toContain('the full list is in the thread');
  });

  it('the button silences that rule on that server, and the alert goes on in silence', async () => {
    const { world } = stage;
    await world.query("CREATE USER IF NOT EXISTS shop@'shop.example.com'");
    await world.connectFrom('10.0.0.1');
    await on.sweep();
    const [button = ''] = on.buttons('AL-1').filter((line) => line.startsWith('silence'));
    expect(button).toBe('silence null-host on main');
    const made = await on.say(`${button} for 2h the scanner is ours`);
    expect(made.messages[0]?.headline).toBe('SI-1: null-host on main is silenced.');
    // At once, without a sweep.
    const silenced = /silenced by @?U0ALICE until .* \(SI-1\): the scanner is ours/;
    expect(on.card('AL-1')).toMatch(silenced);
    expect(on.buttons('AL-1')).toContain('unsilence SI-1');

    await world.connectFrom('10.0.0.2');
    await world.breakHandshakeFrom('10.0.0.3', LIMIT);
    // The other rule is not silenced. The server has no name for the blocked host either.
    // A chart of the broken handshakes, where the server counts them by client.
    const charts = flavour === 'mysql' ? [/client went away \(1158\): 3 times/] : [];
    expect(await on.sweep()).toEqual(['root', 'edit', ...charts.map(() => 'reply')]);
    expect(on.thread('AL-2')).toEqual(charts.map((each) => expect.stringMatching(each)));
    expect(on.card('AL-1')).toMatch(
      /^Silenced: [23] hosts without a name on main[\s\S]*10\.0\.0\.2/,
    );
    expect(on.card('AL-1')).toMatch(silenced);
    expect(on.card('AL-2')).toMatch(/^Firing: 1 blocked host on main/);
    expect(on.thread('AL-1')).toEqual([]);
    const { rows } = await on.say('status');
    expect(rows).toMatchObject([
      { alerts: [{ id: 'AL-1', silence: { id: 'SI-1', by: 'U0ALICE' } }, { silence: null }] },
    ]);

    await on.say('unsilence SI-1');
    expect(on.card('AL-1')).not.toContain('silenced by');
    expect(await on.sweep()).toEqual(['edit', 'reply']);
    expect(on.thread('AL-1')).toEqual([expect.stringMatching(/New: .*10\.0\.0\.2/)]);

    await on.say('silence AL-1 for 1h again');
    on.pass(61);
    expect(await on.sweep()).toEqual(['edit']);
    expect(on.card('AL-1')).not.toContain('silenced by');
  });
});
