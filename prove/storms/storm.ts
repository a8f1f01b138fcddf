import type { Random } from '../../sandbox/random.ts';
import { untilAnswered } from '../../sandbox/world/try-again.ts';
import type { World } from '../../sandbox/world.ts';

/** A storm: many clients behind few addresses, most of which fail to log in, each in its own way. */

export const ADDRESSES = 20;
const CLIENTS = 200;
/** How often a client tries. */
const TIMES: readonly [number, ...number[]] = [1, 1, 1, 1, 3];

/** What a client does; each kind of failure leaves its own errors. */
type Kind =
  | 'good'
  | 'wrong password'
  | 'unknown user'
  | 'locked'
  | 'plugin gone'
  | 'no such database'
  | 'no right to the database'
  | 'went away'
  | 'old protocol';

export interface Client {
  readonly address: string;
  readonly kind: Kind;
  /** A login name that several clients may use. */
  readonly user: string;
  readonly times: number;
}

/** The accounts that the kinds need; a number from 0 to 4 follows the letter. */
export const ACCOUNTS = [0, 1, 2, 3, 4]
  .flatMap((n) => [
    `CREATE USER good${n}@'%'`,
    `CREATE USER wrong${n}@'%' IDENTIFIED BY 'pw'`,
    `CREATE USER poor${n}@'%'`,
    `CREATE USER locked${n}@'%' ACCOUNT LOCK`,
    `CREATE USER bygone${n}@'%'`,
    `GRANT ALL ON *.* TO good${n}@'%'`,
  ])
  .concat(
    `CREATE USER jdoe@'%' IDENTIFIED BY 'pw'`,
    `UPDATE mysql.user SET plugin = 'mysql_native_password' WHERE User LIKE 'bygone%'`,
    'FLUSH PRIVILEGES',
  )
  .join('; ');

interface Gesture {
  /** The login name that the server sees; null = none. */
  readonly user: (n: number) => string | null;
  /** The errors that one connection leaves. */
  readonly errors: readonly number[];
  readonly act: (world: World, client: Client) => Promise<unknown>;
}

const KINDS: Readonly<Record<Kind, Gesture>> = {
  good: { user: (n) => `good${n}`, errors: [], act: login({}) },
  'wrong password': { user: (n) => `wrong${n}`, errors: [1045], act: login({ password: 'no' }) },
  'unknown user': { user: (n) => `ghost <${n}>`, errors: [1045], act: login({}) },
  locked: { user: (n) => `locked${n}`, errors: [3118], act: login({}) },
  'plugin gone': { user: (n) => `bygone${n}`, errors: [1524], act: login({}) },
  'no such database': { user: (n) => `good${n}`, errors: [1049], act: login({ database: 'no' }) },
  'no right to the database': {
    user: (n) => `poor${n}`,
    errors: [1044],
    act: login({ database: 'mysql' }),
  },
  'went away': { user: () => null, errors: [1043, 1158], act: breakOff('fin') },
  'old protocol': { user: () => 'jdoe', errors: [1043, 1251], act: breakOff('old-protocol') },
};

const NAMES: readonly [Kind, ...Kind[]] = [
  'good',
  'wrong password',
  'unknown user',
  'locked',
  'plugin gone',
  'no such database',
  'no right to the database',
  'went away',
  'old protocol',
];

export function imagineStorm(random: Random): readonly Client[] {
  return Array.from({ length: CLIENTS }, () => {
    const kind = random.pick(NAMES);
    const address = `10.20.30.${random.between(1, ADDRESSES)}`;
    const user = KINDS[kind].user(random.between(0, 4)) ?? '';
    return { address, kind, user, times: random.pick(TIMES) };
  });
}

/** How often each failure of one address must be counted, by `user error`; '' = no login name. */
export function expectedOf(
  clients: readonly Client[],
  address: string,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const client of clients.filter((each) => each.address === address)) {
    for (const error of KINDS[client.kind].errors) {
      const key = keyOf(client.user, error);
      counts.set(key, (counts.get(key) ?? 0) + client.times);
    }
  }
  return counts;
}

export function keyOf(user: string | null, error: number): string {
  return `${user ?? ''} ${error}`;
}

export async function act(world: World, client: Client): Promise<void> {
  for (let n = 0; n < client.times; n += 1) await KINDS[client.kind].act(world, client);
}

function login(change: { readonly password?: string; readonly database?: string }) {
  return (world: World, { address, user }: Client) =>
    untilAnswered(() => world.connectFrom(address, { user, isPlain: true, ...change }));
}

function breakOff(breakWith: 'fin' | 'old-protocol') {
  return (world: World, { address }: Client) =>
    untilAnswered(async () => {
      const [greeting] = await world.breakHandshakeFrom(address, 1, breakWith);
      return greeting ?? { outcome: 'closed' };
    });
}
