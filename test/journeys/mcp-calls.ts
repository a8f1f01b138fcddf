import { TOOLS } from '../../src/adapters/mcp/tools.ts';

/** Calls of tools: sensible ones, senseless ones, and ones that try to change something. */

export const CLIENT = '10.1.0.7';

export interface Call {
  readonly name: string;
  readonly args?: Readonly<Record<string, string>>;
  /** The same question in a terminal. */
  readonly words?: readonly string[];
}

const VALUES: Readonly<Record<string, readonly string[]>> = {
  client: [
    CLIENT,
    '10.1.0.8',
    'on',
    'flush',
    'x.example',
    `Host '${CLIENT}' is blocked on main`,
    '-',
    '; DROP USER app',
  ],
  user: ['app', 'root', `'; FLUSH HOSTS; --`, 'publicly'],
  server: ['main', 'all', 'other'],
  kind: ['blocked', 'null', 'stale', 'errors', 'all', 'flush'],
  text: [
    `Access denied for user 'app'@'${CLIENT}'`,
    'flush on main',
    'TRUNCATE performance_schema.host_cache',
  ],
  change: [
    ...['flush', 'flush on main', `drop 'app'@'10.1.%'`, `add 'new'@'%'`, 'skip-name-resolve on'],
    ...[
      'max-connect-errors 1',
      `dns ${CLIENT} none`,
      'release mariadb 11.8',
      'check 1',
      'approve FR-1',
    ],
    `rename 'app'@'10.1.%' to 'app'@'%'`,
  ],
};

const OTHER_TOOLS = ['flush', 'approve', 'silence', 'ack', 'start', 'sweep', 'reject'];

export function randomSequence(chance: () => number): readonly Call[] {
  const pick = <T>(from: readonly T[]) => from[Math.floor(chance() * from.length)];
  return Array.from({ length: 1 + Math.floor(chance() * 3) }, () => {
    const tool = chance() < 0.9 ? pick(TOOLS) : undefined;
    // doctor takes the longest, and always does the same.
    const name =
      (tool?.name === 'doctor' && chance() < 0.8 ? 'pending' : tool?.name) ??
      pick(OTHER_TOOLS) ??
      '';
    const shape = TOOLS.find((each) => each.name === name)?.input.shape ?? { change: null };
    const keys = Object.keys(shape).filter((key) => key !== 'server' || chance() < 0.3);
    const args = Object.fromEntries(keys.map((key) => [key, pick(VALUES[key] ?? []) ?? '']));
    return { name, args };
  });
}
