import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/diagnosis/diagnose.ts';
import { toJson } from '../../src/diagnosis/json.ts';
import { openStage, rulesOf, type Stage, why } from './stage.ts';

/** Who fails to log in, as a real server counts it, where its host cache says nothing. */

const ACCOUNTS = `
  CREATE USER shop@'10.%';
  CREATE USER billing@'10.%' IDENTIFIED BY 'pw';
  CREATE USER locked@'10.%' ACCOUNT LOCK;
  CREATE USER few@'10.%' WITH MAX_CONNECTIONS_PER_HOUR 1;
  CREATE USER nothing@localhost; GRANT SELECT ON performance_schema.host_cache TO nothing@localhost;
  GRANT SELECT ON mysql.user TO nothing@localhost`;

let stage: Stage;

beforeAll(async () => {
  const args = ['--skip-name-resolve', '--connect-timeout=2'];
  stage = await openStage({ flavour: 'mysql', args });
  await stage.world.query(ACCOUNTS);
});
afterAll(() => stage?.close());

function told({ findings }: Diagnosis, id: string): string {
  const finding = findings.find(({ rule }) => rule === id);
  return `${finding?.title}: ${finding?.cause}`;
}

/** Until the server has counted the errors of connections that it has just closed. */
async function whyWith(client: string, id: string, words: RegExp): Promise<Diagnosis> {
  await expect.poll(async () => told(await stage.why(client), id)).toMatch(words);
  return stage.why(client);
}

describe('under skip_name_resolve', () => {
  it('tells a client with a wrong password from another behind the same address', async () => {
    const { world } = stage;
    for (const password of ['a', 'b', 'c'])
      await world.connectFrom('10.0.3.7', { user: 'billing', password });
    for (let n = 0; n < 4; n += 1) await world.connectFrom('10.0.3.7', { user: 'shop' });
    const found = await whyWith('10.0.3.7', 'failing-login', /billing: access denied \(1045\) 3 /);
    expect(told(found, 'failing-login')).toContain('shop (4 times) logged in well from here');
    expect(found.findings.find(({ rule }) => rule === 'failing-login')?.severity).toBe('degraded');
    expect(toJson(found, '10.0.3.7')).toMatchObject({
      cached: null,
      failures: [{ user: 'billing', host: '10.0.3.7', error: 1045, count: 3 }],
    });
  });

  it('knows locks and limits', async () => {
    await stage.world.connectFrom('10.0.3.8', { user: 'locked' });
    for (let n = 0; n < 3; n += 1) await stage.world.connectFrom('10.0.3.8', { user: 'few' });
    const found = await whyWith('10.0.3.8', 'user-limits', /twice|2 times \(1226\)/);
    expect(rulesOf(found)).toEqual(['failing-login', 'account-locked', 'user-limits']);
    expect(told(found, 'account-locked')).toContain('once (3118)');
    expect(told(found, 'failing-login')).toContain('few (once)');
  });

  it('tells how handshakes ended', async () => {
    const { breakHandshakeFrom } = stage.world;
    await breakHandshakeFrom('10.0.3.9', 2, 'fin');
    await breakHandshakeFrom('10.0.3.9', 1, 'silence');
    await breakHandshakeFrom('10.0.3.9', 3, 'http');
    await breakHandshakeFrom('10.0.3.9', 1, 'quit');
    await breakHandshakeFrom('10.0.3.9', 2, 'old-protocol');
    const found = await whyWith('10.0.3.9', 'handshake-errors', /has 9/);
    const words = told(found, 'handshake-errors');
    for (const part of ['2 times the client went away', 'once the client fell silent'])
      expect(words).toContain(part);
    expect(words).toContain('3 times the client did not speak the MySQL protocol');
    expect(words).toContain("2 times the client does not have the account's");
    expect(words).toContain('once TLS failed, or the client quit');
    expect(told(found, 'failing-login')).toContain('(1251) 2 times');
  });

  it('does not take errors of a session for failed logins', async () => {
    const session = await stage.world.openFrom('10.0.3.10', { user: 'shop' });
    await session.query('KILL CONNECTION_ID()').catch(() => undefined);
    await session.close();
    await expect
      .poll(async () => (await stage.why('10.0.3.10')).evidence.activity.known)
      .toBe(true);
    expect(toJson(await stage.why('10.0.3.10'), 'x')).toMatchObject({ failures: [] });
  });

  it('shows names that a stranger chose as data', async () => {
    const user = 'x\n<!channel> \u202eb';
    await stage.world.connectFrom('10.0.3.11', { user });
    const found = await whyWith(
      '10.0.3.11',
      'failing-login',
      /'x\\u000a<!channel> \\u202eb': access/,
    );
    expect(toJson(found, 'x')).toMatchObject({ failures: [{ user, error: 1045, count: 1 }] });
  });

  it('does not count the reading account among the clients', async () => {
    const { evidence } = await stage.why('127.0.0.1');
    expect(evidence.logins).toMatchObject({ known: true, value: { counts: [], lost: 0 } });
  });

  it('without the grants: a gap, and no failures', async () => {
    const target = stage.as('nothing');
    const found = await why(target, '10.0.3.7');
    await target.server.close();
    expect(found.gaps.join()).toMatch(/Who fails to log in .*events_errors_summary.*1142/);
    expect(toJson(found, 'x')).toMatchObject({ failures: null });
    expect(rulesOf(found)).not.toContain('failing-login');
  });
});
