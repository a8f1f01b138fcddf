import dns from 'node:dns';
import { afterAll, expect, it } from 'vitest';
import * as packets from '../../../sandbox/fake-mysql/packets.ts';
import { startFakeMysql } from '../../../sandbox/fake-mysql/server.ts';
import { createLink } from '../../../src/adapters/mysql/link.ts';
import { readClientLogin } from '../../../src/config/client-login.ts';
import { OTHER } from '../../certificate/mysql/certificates.ts';

/** A login from an option file without ssl-mode: TLS where the server offers it, and no password. */

const PASSWORD = 'open-sesame-4711';

// A name of another machine, as far as the settings can tell.
const systemLookup = dns.lookup;
Object.assign(dns, {
  lookup: (name: string, ...rest: [object, never]) =>
    name === 'db.test' ? systemLookup('127.0.0.1', ...rest) : systemLookup(name, ...rest),
});
afterAll(() => void Object.assign(dns, { lookup: systemLookup }));

function loginAt(port: number) {
  const given = { host: 'db.test', port: String(port), user: 'bot', password: PASSWORD };
  const options = Object.entries(given).map(
    ([name, value]) => [name, { value, place: 'my.cnf:1' }] as const,
  );
  const facts = { values: {}, person: null, socket: null, readText: () => null };
  const { login } = readClientLogin({ options: new Map(options), ...facts });
  if (login === null) throw new Error('no login was read');
  return login;
}

const KEPT =
  /asks for the password without TLS that verifies the server, so it was not sent; add ssl-mode=VERIFY_IDENTITY, .* to its option file/;

it.each([
  { name: 'with TLS', tls: OTHER },
  { name: 'without TLS', tls: undefined },
])('a server $name that wants the password', async ({ tls }) => {
  let isTls = false;
  const server = await startFakeMysql(async (session) => {
    await session.send(packets.greeting({ ssl: tls !== undefined }));
    await session.read();
    if (tls !== undefined) {
      session.startTls(tls);
      await session.read();
      isTls = true;
    }
    await session.send(packets.authSwitch(packets.SHA2));
    await session.read();
    await session.send(packets.FULL_AUTHENTICATION);
    await session.read();
  });
  const error: unknown = await createLink('main', loginAt(server.port))
    .ask('SELECT 1')
    .then(
      () => null,
      (reason: unknown) => reason,
    );
  await server.stop();
  expect(String(error)).toMatch(KEPT);
  expect(isTls).toBe(tls !== undefined);
  expect(server.heard().filter((bytes) => bytes.includes(PASSWORD))).toEqual([]);
});
