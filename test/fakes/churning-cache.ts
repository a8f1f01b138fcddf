import { createRandom } from '../../sandbox/random.ts';
import { COUNTERS } from '../../src/pasted/saved.ts';
import { MYSQL } from '../scenarios/servers.ts';
import type { Row, Script } from './scripted-mysql.ts';

/** A host cache in which many hosts come, go, and make errors all the time: no real server does so cheaply. */
export interface ChurningCache {
  readonly script: Script;
  /** Changes as many hosts: half make errors or log in, half go, and others come for them. */
  churn(hosts: number): void;
  /** The addresses of those that are blocked, near to it, or lastingly without a name, now. */
  addressesOf(kind: Kind): readonly string[];
}

export type Kind = 'blocked-host' | 'near-block' | 'null-host';

interface Host {
  readonly address: string;
  readonly name: string | null;
  errors: number;
  handshakeErrors: number;
  readonly madeAt: Date;
}

const LIMIT = Number(MYSQL.maxConnectErrors);

export function createChurningCache({
  hosts: count,
  named,
  gone = () => undefined,
  now,
  seed = 1,
}: {
  readonly hosts: number;
  /** Called for each host that has a name, when it comes and when it goes. */
  readonly named: (address: string, name: string) => void;
  readonly gone?: (address: string, name: string) => void;
  readonly now: () => Date;
  readonly seed?: number;
}): ChurningCache {
  const random = createRandom(seed);
  let made = 0;
  const make = (): Host => {
    made += 1;
    const address = `10.${made >> 16}.${(made >> 8) & 255}.${made & 255}`;
    // Every fifth host has no name.
    const name = made % 5 === 0 ? null : `host${made}.example.com`;
    if (name !== null) named(address, name);
    const errors = random.between(0, LIMIT + 20);
    return { address, name, errors, handshakeErrors: errors, madeAt: now() };
  };
  const hosts = Array.from({ length: count }, make);
  return {
    script: {
      settings: { ...MYSQL, hostCacheSize: 2 * count },
      hidesCache: false,
      refusesTruncate: false,
      grants: {},
      answers: [
        [/^SELECT COUNT\(\*\) AS total FROM (?:mysql|\(SELECT)/, () => [{ total: '1' }]],
        [/ FROM mysql\.(?:user|hostcache_accounts)/, () => [ACCOUNT]],
        [/processlist/, () => []],
        [/^SHOW GLOBAL STATUS WHERE/, () => [{ Variable_name: 'Threads_connected', Value: '1' }]],
        [/ FROM performance_schema\.host_cache/, () => hosts.map(toRow)],
      ],
    },
    churn: (changed) => {
      for (let n = 0; n < changed; n += 1) {
        const at = random.between(0, count - 1);
        const host = hosts[at];
        if (n % 2 === 1 || host === undefined) {
          hosts[at] = make();
          if (host?.name) gone(host.address, host.name);
        } else {
          const more = random.between(1, 20);
          host.handshakeErrors += more;
          // A login sets the sum back, and no other counter.
          host.errors = host.errors > LIMIT ? 0 : host.errors + more;
        }
      }
    },
    addressesOf: (kind) => hosts.filter(IS[kind]).map(({ address }) => address),
  };
}

const IS: Readonly<Record<Kind, (host: Host) => boolean>> = {
  'blocked-host': ({ errors }) => errors >= LIMIT,
  'near-block': ({ errors }) => errors < LIMIT && 2 * errors >= LIMIT,
  'null-host': ({ name }) => name === null,
};

const ACCOUNT: Row = {
  User: 'app',
  Host: '%.example.com',
  plugin: 'caching_sha2_password',
  ssl_type: '',
  account_locked: 'N',
  password_expired: 'N',
};

function toRow({ address, name, errors, handshakeErrors, madeAt }: Host): Row {
  const time = madeAt.toISOString().slice(0, 19).replace('T', ' ');
  const own: Readonly<Record<string, number>> = {
    COUNT_HANDSHAKE_ERRORS: handshakeErrors,
    ...(name === null && { COUNT_NAMEINFO_PERMANENT_ERRORS: 1 }),
  };
  return {
    IP: address,
    HOST: name,
    HOST_VALIDATED: 'YES',
    SUM_CONNECT_ERRORS: String(errors),
    ...Object.fromEntries(COUNTERS.map((column) => [column, String(own[column] ?? 0)])),
    FIRST_SEEN: time,
    LAST_SEEN: time,
    FIRST_ERROR_SEEN: time,
    LAST_ERROR_SEEN: time,
  };
}
