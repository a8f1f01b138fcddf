// Fills a real server with 100,000 accounts and 65,536 host cache entries. Does I/O.
import type { ScriptedDns, World } from '../sandbox/world.ts';

export const ACCOUNTS = 100_000;
export const ENTRIES = 65_536;

/** Some accounts with each kind of host pattern. One INSERT, because CREATE USER would take minutes. */
const INSERT_ACCOUNTS = `
  SET SESSION cte_max_recursion_depth = ${ACCOUNTS};
  INSERT INTO mysql.user (Host, User, plugin, authentication_string, ssl_cipher, x509_issuer, x509_subject)
  WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${ACCOUNTS})
  SELECT CASE n % 10
      WHEN 0 THEN CONCAT('10.', n >> 16, '.', (n >> 8) & 255, '.%')
      WHEN 1 THEN CONCAT('10.', n >> 16, '.', (n >> 8) & 255, '.0/24')
      WHEN 2 THEN CONCAT('10.', n >> 16, '.0.0/255.255.0.0')
      WHEN 3 THEN CONCAT('%.rack', n, '.example.com')
      WHEN 4 THEN CONCAT('10.', n >> 16, '.', (n >> 8) & 255, '.', n & 255)
      WHEN 5 THEN IF(n % 100 = 5, '%', CONCAT('node', n, '.example.net'))
      ELSE CONCAT('host', n, '.example.com') END,
    CONCAT('app', n), 'caching_sha2_password', '', '', '', '' FROM numbers;
  FLUSH PRIVILEGES`;

/** The number of clients that connect at the same time. */
const AT_ONCE = 64;

export async function fillAccounts(world: World): Promise<number> {
  await world.query(INSERT_ACCOUNTS);
  const [row] = await world.query('SELECT COUNT(*) AS total FROM mysql.user');
  return Number(row?.['total']);
}

/**
 * Each client has its own address in 127.0.0.0/8, which is an ordinary host to the server. The
 * first `named` ones have names and log in as `app`; the others break off.
 */
export async function fillHostCache(world: World, named = 0): Promise<number> {
  nameClients(world.dns, named);
  let next = 0;
  const connectNext = async () => {
    while (next < ENTRIES) {
      const n = next;
      next += 1;
      if (n % 8192 === 0) process.stdout.write(`  host cache entries: ${n} of ${ENTRIES}\n`);
      if (n < named) await world.connectFrom(clientAddress(n), { user: 'app' });
      else await world.breakHandshakeFrom(clientAddress(n));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, connectNext));
  const [row] = await world.query('SELECT COUNT(*) AS total FROM performance_schema.host_cache');
  return Number(row?.['total']);
}

/** The first `named` clients have names. */
export function nameClients(dns: ScriptedDns, named: number): void {
  for (let n = 0; n < named; n += 1) dns.host(clientAddress(n), `host${n}.example.com`);
}

export function clientAddress(n: number): string {
  return `127.${(n >> 16) + 1}.${(n >> 8) & 255}.${n & 255}`;
}
