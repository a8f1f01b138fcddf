import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { forged, open, wire } from './http-rig.ts';

/** The port of HTTP mode: what a flood may take, and that Slack is heard all the same. */

describe('a flood', () => {
  const few = { most: 3, graceMs: 0, mostAtOnce: 3 };

  it('of idle connections closes the oldest, and Slack’s request passes', async () => {
    const { dial, heard } = await open(few);
    const idle = [dial(), dial(), dial()];
    for (const { socket } of idle) await once(socket, 'connect');
    // An answer to each shows that the bot has accepted it.
    const slack = dial();
    slack.send(wire());
    expect(await slack.statuses()).toEqual([200]);
    await idle[0]?.closed;
    expect(idle.map(({ socket }) => socket.destroyed)).toEqual([true, false, false]);
    expect(heard).toHaveLength(1);
  });

  it('never closes a connection on which a request was verified', async () => {
    const { dial } = await open(few);
    const slack = dial();
    slack.send(wire());
    await slack.statuses(1);
    const idle = [dial(), dial(), dial(), dial()];
    await Promise.race(idle.map(({ closed }) => closed));
    slack.send(wire());
    expect(await slack.statuses(2)).toEqual([200, 200]);
  });

  it('spares a newcomer until it could be heard, but not among too many', async () => {
    const { dial } = await open({ most: 1, graceMs: 60_000, mostAtOnce: 3 });
    const idle = [dial(), dial(), dial()];
    for (const { socket } of idle) await once(socket, 'connect');
    const slack = dial();
    slack.send(wire());
    expect(await slack.statuses()).toEqual([200]);
    await idle[0]?.closed;
    expect(idle.map(({ socket }) => socket.destroyed)).toEqual([true, false, false]);
  });

  const long = { ...forged, 'content-length': '900000', expect: '100-continue' };

  it('of forged bodies holds no more bytes than allowed: the oldest long one goes', async () => {
    const { dial, heard } = await open({ bytes: 400_000, short: 30_000 });
    const clients = [dial(), dial(), dial()];
    for (const client of clients) {
      client.send(wire({ headers: long, isHeadOnly: true }));
      await client.statuses();
    }
    const [small, first, second] = clients;
    small?.send('x'.repeat(20_000));
    first?.send('x'.repeat(199_000));
    second?.send('x'.repeat(199_000));
    const either = [first, second].map((client) => client?.statuses(2));
    expect(await Promise.race(either)).toEqual([100, 503]);
    const slack = dial();
    slack.send(wire());
    expect(await slack.statuses()).toEqual([200]);
    expect(await small?.statuses()).toEqual([100]);
    expect(heard).toHaveLength(1);
  });

  it('of forged bodies leaves room for short ones alone', async () => {
    const { dial, heard } = await open({ bytes: 400_000, short: 30_000 });
    const first = dial();
    first.send(wire({ headers: long, isHeadOnly: true }));
    await first.statuses();
    first.send('x'.repeat(250_000));
    const refused = async () => {
      const client = dial();
      client.send(wire({ headers: { ...long, expect: undefined }, isHeadOnly: true }));
      return await client.statuses();
    };
    await expect.poll(refused).toEqual([503]);
    const slack = dial();
    slack.send(wire());
    expect(await slack.statuses()).toEqual([200]);
    expect(heard).toHaveLength(1);
  });

  it('of refused requests is a line in the log for each reason, and then their number', async () => {
    let nowMs = Date.now();
    const { dial, log } = await open({}, () => new Date(nowMs));
    const refuseOne = async () => {
      const client = dial();
      client.send(wire({ path: '/' }));
      await client.closed;
    };
    for (let n = 0; n < 3; n += 1) await refuseOne();
    nowMs += 10_000;
    await refuseOne();
    const why = 'expected POST /slack/events';
    expect(log.lines.map(({ facts }) => facts)).toEqual([
      { status: 404, why },
      { status: 404, why, moreSinceThen: 2 },
    ]);
  });
});
