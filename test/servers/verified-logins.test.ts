import dns from 'node:dns';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { createFlusher } from '../../src/adapters/mysql/flusher.ts';
import { createLink } from '../../src/adapters/mysql/link.ts';
import { openStore } from '../../src/adapters/store/store.ts';
import { CA, fileOf } from '../certificate/mysql/certificates.ts';
import { loginOf, placeOf } from '../logins.ts';

/** Logins to a real server that is not local by its name: what a password needs, and what a refusal costs. */

const CLIENT = '10.9.9.9';

const systemLookup = dns.lookup;
let world: World;

beforeAll(async () => {
  Object.assign(dns, {
    lookup: (name: string, ...rest: [object, never]) =>
      systemLookup(name.endsWith('.test') ? '127.0.0.1' : name, ...rest),
  });
  const tls = { ca: 'ca', cert: 'db', key: 'key' };
  const args = Object.entries(tls).map(([name, file]) => `--ssl-${name}=${fileOf(file)}`);
  const options = { network: 'loopback', outsidersFrom: CLIENT } as const;
  world = await startWorld({ flavour: 'mysql', ...options, args });
  await world.query(`CREATE DATABASE state; CREATE USER bot@'%' IDENTIFIED BY 'secret';
    GRANT ALL ON state.* TO bot@'%'; CREATE USER old@'%' IDENTIFIED WITH sha256_password BY 'secret'`);
});
afterAll(async () => {
  Object.assign(dns, { lookup: systemLookup });
  await world.stop();
});

const ssl = (options: object) => `?ssl=${encodeURIComponent(JSON.stringify(options))}`;
const url = (host: string, query: string, user = 'bot', path = '') =>
  `mysql://${user}:secret@${host}:${world.port}${path}${query}`;

async function logIn(text: string): Promise<unknown> {
  const link = createLink('main', loginOf(text));
  try {
    return (await link.ask('SELECT CURRENT_USER() AS account'))[0]?.['account'];
  } catch (error) {
    return String(error);
  } finally {
    await link.close();
  }
}

async function connectErrors(): Promise<unknown> {
  const sql = `SELECT SUM_CONNECT_ERRORS AS errors FROM performance_schema.host_cache
    WHERE IP = '${CLIENT}'`;
  return (await world.query(sql))[0]?.['errors'];
}

it('refuses to send the password, which the server does not count as a connect error', async () => {
  const unverified = ssl({ ca: CA, verifyIdentity: false });
  for (const user of ['bot', 'old']) {
    expect(await logIn(url('db.test', '', user))).toMatch(/without TLS, so it was not sent/);
    expect(await logIn(url('db.test', unverified, user))).toMatch(/does not verify the server/);
  }
  expect(String(await connectErrors())).toBe('0');
});

it('names the names of the certificate', async () => {
  expect(await logIn(url('other.test', ssl({ ca: CA })))).toMatch(
    /the certificate of bot@other\.test:\d+ is for db\.test, 0\.0\.0\.0, not for other\.test/,
  );
});

it('logs in over TLS for the name and for the address, in every setting', async () => {
  for (const host of ['db.test', '0.0.0.0']) {
    const query = ssl({ ca: CA });
    // The server then knows the hash, and does not ask for the password again.
    await world.query('FLUSH PRIVILEGES');
    expect(await logIn(url(host, query))).toBe('bot@%');
    expect(await logIn(url(host, query, 'old'))).toBe('old@%');
    await world.query('FLUSH PRIVILEGES');
    const login = loginOf(url(host, query));
    expect(await createFlusher({ name: 'main', login }).mayFlush()).toMatchObject({ kind: 'off' });
    await world.query('FLUSH PRIVILEGES');
    const state = await openStore({ place: placeOf(url(host, query, 'bot', '/state')) });
    expect(await state.writeFault()).toBeNull();
    await state.close();
  }
});

it('logs in without TLS where the server needs no password, or its key is accepted', async () => {
  expect(await logIn(url('db.test', ''))).toBe('bot@%');
  await world.query('FLUSH PRIVILEGES');
  for (const user of ['bot', 'old']) {
    expect(await logIn(url('db.test', '?allowPublicKeyRetrieval=true', user))).toBe(`${user}@%`);
  }
});
