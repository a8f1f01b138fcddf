import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMIT, type Row } from './flush-row.ts';
import { ACCOUNTS, ROWS } from './flush-table.ts';
import { FLAVOURS, openStage, rulesOf, type Stage } from './stage.ts';

/** The flush table on real servers: the verdict, then what the server really does. */

describe.each(FLAVOURS)('%s', (flavour) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage({ flavour });
    await stage.world.query(ACCOUNTS);
  });
  afterAll(() => stage?.close());

  it.each(ROWS)('$name', async ({ client, login, rule, steps }) => {
    const { world } = stage;
    world.dns.clear();
    await stage.flush();
    await world.query(`SET GLOBAL max_connect_errors = ${LIMIT}`);
    for (const [i, { act, flush, now, afterFlush }] of steps.entries()) {
      await act(world);
      const told = await stage.why(client, login.user);
      if (i === 0 && rule !== null) expect(rulesOf(told)).toContain(rule);
      const real = { now: await meet(client, login), afterFlush: await meetAfterFlush() };
      const said = { flush: told.forecast.effect, ...real };
      expect(said, `step ${i + 1}`).toEqual({ flush, now, afterFlush });
    }

    async function meetAfterFlush() {
      await stage.flush();
      return meet(client, login);
    }
  });

  /** The error of the login, or its account. */
  async function meet(client: string, login: Row['login']): Promise<number | string> {
    const attempt = await stage.world.connectFrom(client, login);
    switch (attempt.outcome) {
      case 'admitted':
        return attempt.currentUser;
      case 'error':
        return attempt.code;
      case 'closed':
        return attempt.reason;
    }
  }
});
