import type { Login, World } from '../../sandbox/world.ts';
import type { FlushEffect } from '../../src/diagnosis/after-flush.ts';
import type { RuleId } from '../../src/diagnosis/rule.ts';

/** A cause and its fix, each with the effect of a flush at that moment. */
export interface Row {
  readonly name: string;
  /** The rule that reports the cause; null = on some flavour none does. */
  readonly rule: RuleId | null;
  readonly client: string;
  readonly login: Login;
  readonly steps: readonly [Step, ...Step[]];
}

export interface Step {
  readonly act: (world: World) => unknown;
  readonly flush: FlushEffect;
  /** The result of a login now and after a flush: an error or the account. */
  readonly now: number | string;
  readonly afterFlush: number | string;
}

export const CLIENT = '240.221.242.64';
export const NAME = 'merp.example.com';
export const BY_NAME = `jdoe@${NAME}`;
export const JDOE: Login = { user: 'jdoe' };
/** The servers' max_connect_errors. */
export const LIMIT = 3;

/** Fix DNS first, then flush: the NULL stays after the fix, and a flush before it stores it again. */
export function lasting(name: string, cause: Step['act']): Row {
  return {
    name,
    rule: 'null-host',
    client: CLIENT,
    login: JDOE,
    steps: [
      { act: comes(JDOE, cause), flush: 'cures-after-fix', now: 1045, afterFlush: 1045 },
      { act: named, flush: 'cures', now: 1045, afterFlush: BY_NAME },
    ],
  };
}

/** Do not flush: the server queries DNS at each connection. */
export function passing(name: string, rule: RuleId, cause: Step['act']): Row {
  return {
    name,
    rule,
    client: CLIENT,
    login: JDOE,
    steps: [
      { act: comes(JDOE, cause), flush: 'useless', now: 1045, afterFlush: 1045 },
      { act: named, flush: 'useless', now: BY_NAME, afterFlush: BY_NAME },
    ],
  };
}

/** The fix is enough, without a flush. */
export function useless(
  name: string,
  row: Pick<Row, 'rule' | 'login'> & {
    readonly cause?: Step['act'];
    readonly error: number;
    readonly fix: Step['act'];
    readonly account: string;
  },
): Row {
  const { rule, login, cause = nothing, error, fix, account } = row;
  return {
    name,
    rule,
    client: CLIENT,
    login,
    steps: [
      {
        act: comes(login, async (world) => {
          named(world);
          await cause(world);
        }),
        flush: 'useless',
        now: error,
        afterFlush: error,
      },
      { act: fix, flush: 'useless', now: account, afterFlush: account },
    ],
  };
}

/** There is nothing left to do. */
export function settled(account: string): Step {
  return { act: nothing, flush: 'useless', now: account, afterFlush: account };
}

/** The client connects once in this state, and the server caches the result. */
function comes(login: Login, cause: Step['act']): Step['act'] {
  return async (world) => {
    await cause(world);
    await world.connectFrom(CLIENT, login);
  };
}

export function named({ dns }: World): void {
  dns.clear();
  dns.host(CLIENT, NAME);
}

/** The client connected with one name; DNS now returns another name or none. */
export function rename(before: string, after: string | null): Step['act'] {
  return async (world) => {
    world.dns.host(CLIENT, before);
    await world.connectFrom(CLIENT, JDOE);
    world.dns.clear();
    if (after !== null) world.dns.host(CLIENT, after);
  };
}

export async function probe(world: World): Promise<void> {
  named(world);
  await world.breakHandshakeFrom(CLIENT, LIMIT, 'quit');
}

export function nothing(): void {}
