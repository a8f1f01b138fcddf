import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Login } from '../../sandbox/world.ts';
import { exitOf, type toJson } from '../../src/diagnosis/json.ts';
import { whyCommand } from '../../src/diagnosis/why.ts';
import { FLAVOURS, openStage, type Stage } from './stage.ts';

/** The error that was reported counts: the text of a real refusal is pasted into `why`. */

const LIMIT = 3;

describe.each(FLAVOURS)('%s', (flavour) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage({ flavour, args: [`--max-connect-errors=${LIMIT}`] });
  });
  afterAll(() => stage?.close());

  /** The real server's answer, as a driver prints it. */
  async function refusal(client: string, login: Login): Promise<string> {
    const attempt = await stage.world.connectFrom(client, login);
    if (!('code' in attempt)) throw new Error(`${client} was admitted`);
    return `ERROR ${attempt.code} (HY000): ${attempt.message}`;
  }

  async function ask(line: string, user?: string) {
    const caller = { kind: 'terminal' } as const;
    const options = user === undefined ? {} : { user };
    const request = { line, words: [line], options, caller };
    const parts = { targets: [stage.target], now: () => new Date() };
    const { rows, messages, exit } = await whyCommand.run(request, parts);
    const [json] = rows as ReturnType<typeof toJson>[];
    return { json, exit, headline: messages[0]?.headline ?? '', all: JSON.stringify(messages) };
  }

  it('1130 although mysql.user admits: the accounts were not reloaded', async () => {
    const { world } = stage;
    const [client, login] = ['10.1.0.7', { user: 'edited' }];
    await world.query(`CREATE USER edited@'10.9.9.9'`);
    const table = flavour === 'mysql' ? 'mysql.user' : 'mysql.global_priv';
    await world.query(`UPDATE ${table} SET Host = '%' WHERE User = 'edited'`);
    const pasted = await refusal(client, login);
    expect(pasted).toContain('1130');

    const before = await ask(pasted, 'edited');
    expect(before).toMatchObject({
      exit: 1,
      json: {
        now: { outcome: 'unknown' },
        reported: { error: 1130, by: 'mysql' },
        findings: expect.arrayContaining([
          expect.objectContaining({ rule: 'privileges-not-reloaded', severity: 'blocking' }),
        ]),
      },
    });
    expect(before.headline).not.toMatch(/can log in/);
    expect(before.all).toContain('FLUSH PRIVILEGES;');

    await world.query('FLUSH PRIVILEGES');
    // Until a login comes after the refusal, by the clock of the server, which has whole seconds.
    await expect
      .poll(async () => {
        expect(await world.connectFrom(client, login)).toMatchObject({ currentUser: 'edited@%' });
        return (await ask(pasted, 'edited')).exit;
      })
      .toBe(0);
    expect((await ask(pasted, 'edited')).headline).toContain('can log in');
    await world.query(`DROP USER edited@'%'`);
    await world.query('FLUSH PRIVILEGES');
  });

  it('1129 of a host that a flush has freed', async () => {
    const { world } = stage;
    await world.query(`CREATE USER freed@'10.1.0.8'`);
    await world.breakHandshakeFrom('10.1.0.8', LIMIT);
    const pasted = await refusal('10.1.0.8', { user: 'freed' });
    expect(pasted).toContain('1129');
    expect(await ask(pasted)).toMatchObject({ exit: 1, json: { now: { outcome: 'blocked' } } });
    await stage.flush();
    const after = await ask(pasted);
    expect(after).toMatchObject({ exit: 0, json: { now: { outcome: 'admitted' } } });
    expect(after.all).toContain('is not any more');
  });

  it('1045 with the right account: whose password it is', async () => {
    await stage.world.query(`CREATE USER root2@'10.1.0.9' IDENTIFIED BY 'right'`);
    const pasted = await refusal('10.1.0.9', { user: 'root2', password: 'wrong' });
    expect(pasted).toContain('1045');
    const { exit, headline } = await ask(pasted);
    expect(exit).toBe(1);
    expect(headline).toContain("if the password is that of 'root2'@'10.1.0.9'");
  });

  it("'user'@'localhost' is the loopback address or the socket", async () => {
    const { world } = stage;
    await world.query(`CREATE USER ''@'localhost', 'app'@'%' IDENTIFIED BY 'right'`);
    const login = { user: 'app', password: 'right' };
    const pasted = await refusal('127.0.0.1', login);
    expect(pasted).toContain("'app'@'localhost'");
    const byError = await ask(pasted);
    expect(byError).toMatchObject({ exit: 1, json: { address: '127.0.0.1', user: 'app' } });
    expect(byError.headline).toContain("lands on ''@'localhost'");
    expect(byError.all).toContain("DROP USER ''@'localhost'");
    const typed = await ask('localhost');
    expect(typed.json).toMatchObject({ address: '127.0.0.1', client: 'localhost' });
    expect(exitOf(await stage.why('127.0.0.1', 'app'))).toBe(0);
    await world.query(`DROP USER ''@'localhost', 'app'@'%'`);
  });

  it('a name that the error message cuts off after 64 characters is found by its entry', async () => {
    const { world } = stage;
    const client = '10.1.0.10';
    const name = 'a-very-long-label-for-a-host-in-one-of-the-regions.of.a.long.domain.example.com';
    world.dns.host(client, name);
    await world.query(`CREATE USER other@'%.example.com' IDENTIFIED BY 'right'`);
    const pasted = await refusal(client, { user: 'ghost', password: 'wrong' });
    expect(pasted.includes(`'ghost'@'${name}'`)).toBe(flavour === 'mariadb');
    expect(pasted).toContain(`'ghost'@'${name.slice(0, 64)}`);
    const cut = pasted.replace(name, name.slice(0, 64));
    for (const line of [pasted, cut]) {
      expect(await ask(line)).toMatchObject({ exit: 1, json: { address: client, user: 'ghost' } });
    }
    await world.query(`DROP USER other@'%.example.com'`);
  });
});
