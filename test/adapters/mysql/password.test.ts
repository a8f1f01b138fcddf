import { generateKeyPairSync, privateDecrypt } from 'node:crypto';
import dns from 'node:dns';
import { afterAll, describe, expect, it } from 'vitest';
import * as packets from '../../../sandbox/fake-mysql/packets.ts';
import {
  type Certificate,
  type Script,
  type Session,
  startFakeMysql,
} from '../../../sandbox/fake-mysql/server.ts';
import { createFlusher } from '../../../src/adapters/mysql/flusher.ts';
import { createLink } from '../../../src/adapters/mysql/link.ts';
import { openStore } from '../../../src/adapters/store/store.ts';
import { CERTIFICATE } from '../../certificate/certificate.ts';
import { AUTO, CA, DB, EXPIRED, OTHER } from '../../certificate/mysql/certificates.ts';
import { loginOf, placeOf } from '../../logins.ts';

/** Fake servers that want the password: it is never on the wire, and one sentence says why. */

const PASSWORD = 'open-sesame-4711';

// A name of another machine, as far as the settings can tell.
const systemLookup = dns.lookup;
Object.assign(dns, {
  lookup: (name: string, ...rest: [object, never]) =>
    name === 'db.test' ? systemLookup('127.0.0.1', ...rest) : systemLookup(name, ...rest),
});
afterAll(() => void Object.assign(dns, { lookup: systemLookup }));

/** What each setting does first with its server. */
const SETTINGS = [
  {
    setting: 'MYSQL_URL',
    begin: (url: string) => createLink('main', loginOf(url)).ask('SELECT 1'),
  },
  {
    setting: 'MYSQL_FLUSH_URL',
    begin: (url: string) => createFlusher({ name: 'main', login: loginOf(url) }).mayFlush(),
  },
  {
    setting: 'STATE_URL',
    begin: (url: string) =>
      openStore({ place: placeOf(url.replace(/(?=\?|$)/, '/state')), limitMs: 3000 }),
  },
] as const;

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PUBLIC_KEY = RSA.publicKey.export({ type: 'spki', format: 'pem' });

/** Greets, and upgrades to TLS if the script has a certificate. Ends with the client's login. */
async function greet(session: Session, tls?: Certificate, plugin?: string): Promise<void> {
  await session.send(packets.greeting({ ssl: tls !== undefined, ...(plugin && { plugin }) }));
  await session.read();
  if (tls === undefined) return;
  session.startTls(tls);
  await session.read();
}

/** Asks for the password itself in the way of that plugin. */
function wants(plugin: string, tls?: Certificate): Script {
  return async (session) => {
    await greet(session, tls);
    await session.send(packets.authSwitch(plugin));
    await session.read();
    if (plugin === packets.SHA2) await session.send(packets.FULL_AUTHENTICATION);
    // Without TLS the client asks for the key.
    await session.read();
    await session.send(packets.moreData(PUBLIC_KEY));
    await session.read();
  };
}

/** Packets in clear text behind the greeting, before TLS can begin. */
function injects(payload: Buffer): Script {
  return async (session) => {
    const hello = session.packet(packets.greeting({ ssl: true }));
    // The client's request for TLS has number 1.
    await session.write(Buffer.concat([hello, session.packet(payload, 2)]));
    await session.read();
    session.startTls(OTHER);
    for (;;) await session.read();
  };
}

const ssl = (options: object) => `?ssl=${encodeURIComponent(JSON.stringify(options))}`;
const WITH_CA = ssl({ ca: CA });

interface Attack {
  readonly name: string;
  readonly host?: string;
  readonly query: string;
  readonly script: Script;
  readonly says: RegExp;
}

const WITHOUT_TLS =
  /asks for the password without TLS, so it was not sent; add ssl=true, .* to its URL, or allowPublicKeyRetrieval=true/;
const UNVERIFIED =
  /asks for the password over TLS that does not verify the server, so it was not sent; remove "verifyIdentity":false/;
const OTHER_NAME =
  /the certificate of bot@db\.test:\d+(?:\/state)? is for other\.test, localhost, 192\.0\.2\.9, not for db\.test; use a name/;
const NO_VERIFY = [
  { ca: CA, verifyIdentity: false },
  { ca: CA, verifyIdentity: false, rejectUnauthorized: false },
  { rejectUnauthorized: false },
];

const ATTACKS: readonly Attack[] = [
  ...[packets.SHA2, 'sha256_password', 'mysql_clear_password'].flatMap((plugin) => [
    {
      name: `no TLS and its own key, ${plugin}`,
      query: '',
      script: wants(plugin),
      says: WITHOUT_TLS,
    },
    {
      name: `the certificate of another name, ${plugin}`,
      query: WITH_CA,
      script: wants(plugin, OTHER),
      says: OTHER_NAME,
    },
    ...NO_VERIFY.map((options) => ({
      name: `TLS with ${Object.keys(options)}, ${plugin}`,
      query: ssl(options),
      script: wants(plugin, DB),
      says: UNVERIFIED,
    })),
    {
      name: `allowPublicKeyRetrieval over TLS that verifies nothing, ${plugin}`,
      query: `${ssl({ rejectUnauthorized: false })}&allowPublicKeyRetrieval=true`,
      script: wants(plugin, OTHER),
      says: UNVERIFIED,
    },
    {
      name: `a request before TLS, ${plugin}`,
      query: WITH_CA,
      script: injects(packets.authSwitch(plugin)),
      says: plugin === packets.SHA2 ? OTHER_NAME : /before TLS is set up/,
    },
  ]),
  ...['sha256_password', 'mysql_clear_password'].map((plugin) => ({
    name: `${plugin} as the server's own choice`,
    query: ssl({ ca: CA, verifyIdentity: false }),
    script: async (session: Session) => {
      await greet(session, OTHER, plugin);
      await session.send(packets.authSwitch(plugin));
      await session.read();
    },
    says: UNVERIFIED,
  })),
  {
    name: 'clear text with allowPublicKeyRetrieval',
    query: '?allowPublicKeyRetrieval=true',
    script: wants('mysql_clear_password'),
    says: WITHOUT_TLS,
  },
  {
    name: 'clear text on this machine',
    host: '127.0.0.1',
    query: '',
    script: wants('mysql_clear_password'),
    says: /in clear text \(mysql_clear_password\), so it was not sent; add ssl=true/,
  },
  ...['dialog', 'mysql_old_password', 'client_ed25519', '__proto__', 'x'.repeat(60_000)].map(
    (plugin) => ({
      name: `the plugin ${plugin.slice(0, 20)}`,
      query: '',
      script: wants(plugin),
      says: /asks for an authentication plugin that hostcache does not have; let this account use/,
    }),
  ),
  {
    name: 'no TLS where the URL asks for it',
    query: WITH_CA,
    script: wants(packets.SHA2),
    says: /the server offers no TLS, but its URL or option file asks for it/,
  },
  {
    name: 'a login that is accepted before TLS',
    query: WITH_CA,
    script: injects(packets.OK),
    says: OTHER_NAME,
  },
  {
    name: 'a certificate for localhost at an address',
    host: '0.0.0.0',
    query: WITH_CA,
    script: wants(packets.SHA2, OTHER),
    says: /is for other\.test, localhost, 192\.0\.2\.9, not for 0\.0\.0\.0; use a name/,
  },
  {
    name: "MySQL's own certificate",
    query: WITH_CA,
    script: wants(packets.SHA2, AUTO),
    says: /is for MySQL_Server_9\.7\.4_Auto_Generated_Server_Certificate, not for db\.test; use/,
  },
  {
    name: 'a certificate that has expired',
    query: WITH_CA,
    script: wants(packets.SHA2, EXPIRED),
    says: /TLS with bot@db\.test:\d+\S* failed: certificate has expired; renew the certificate/,
  },
  {
    name: 'a certificate of its own',
    query: '?ssl=true',
    script: wants(packets.SHA2, CERTIFICATE),
    says: /TLS with bot@db\.test:\d+\S* failed: self-signed certificate; .* ssl={"ca":"…"} in its URL/,
  },
  {
    name: 'a certificate that Amazon did not sign',
    query: '?ssl=Amazon%20RDS',
    script: wants(packets.SHA2, DB),
    says: /TLS with bot@db\.test:\d+\S* failed: .*verify.* ssl={"ca":"…"} in its URL/,
  },
];

describe.each(SETTINGS)('$setting', ({ begin }) => {
  it.each(ATTACKS)('$name', async ({ host = 'db.test', query, script, says }) => {
    const server = await startFakeMysql(script);
    try {
      const url = `mysql://bot:${PASSWORD}@${host}:${server.port}${query}`;
      const error: unknown = await begin(url).then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(String(error)).toMatch(says);
      expect(String(error)).not.toContain(PASSWORD);
      // mysql2 says so of what it does not implement.
      expect(String(error)).not.toContain('TODO');
      expect(error).toMatchObject({ kind: 'unreadable' });
    } finally {
      await server.stop();
    }
    expect(server.heard().length).toBeGreaterThan(0);
    expect(readable(server.heard()).filter((bytes) => bytes.includes(PASSWORD))).toEqual([]);
    expect(server.heard().filter((bytes) => bytes.includes('SESSION'))).toEqual([]);
    expect(server.faults).toEqual([]);
  });

  it.each([
    { name: 'TLS for the name', host: 'db.test', query: WITH_CA, tls: DB },
    { name: 'TLS for the address', host: '0.0.0.0', query: WITH_CA, tls: DB },
    { name: 'a key that it accepts', host: 'db.test', query: '?allowPublicKeyRetrieval=true' },
    { name: 'this machine', host: '127.0.0.1', query: '' },
    {
      name: 'this machine with TLS that verifies nothing',
      host: 'localhost',
      query: ssl({ rejectUnauthorized: false }),
      tls: OTHER,
    },
  ])('sends it over $name', async ({ host, query, tls }) => {
    const server = await startFakeMysql(wants(packets.SHA2, tls));
    const begun = begin(`mysql://bot:${PASSWORD}@${host}:${server.port}${query}`);
    const ended = begun.then(
      () => undefined,
      () => undefined,
    );
    await expect
      .poll(() => readable(server.heard()).some((bytes) => bytes.includes(PASSWORD)))
      .toBe(true);
    await server.stop();
    await ended;
  });
});

/** Everything that the server's owner can make of the bytes. */
function readable(heard: readonly Buffer[]): readonly Buffer[] {
  return heard.flatMap((bytes) => [bytes, ...packetsIn(bytes).flatMap(decoded)]);
}

function packetsIn(bytes: Buffer): readonly Buffer[] {
  if (bytes.length < 4) return [];
  const end = 4 + bytes.readUIntLE(0, 3);
  return [bytes.subarray(4, end), ...packetsIn(bytes.subarray(end))];
}

function decoded(payload: Buffer): readonly Buffer[] {
  const plain = payload.length === 256 ? privateDecrypt(RSA.privateKey, payload) : payload;
  return [plain, withScramble(plain)];
}

function withScramble(bytes: Buffer): Buffer {
  return bytes.map((byte, at) => byte ^ (packets.SCRAMBLE[at % 20] ?? 0)) as Buffer;
}
