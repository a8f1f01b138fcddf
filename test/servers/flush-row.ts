import type { Login, World } from '../../sandbox/world.ts';
import type { FlushEffect } from '../../src/diagnosis/after-flush.ts';
import type { RuleId } from '../../src/diagnosis/rule.ts';

/** A cause, then its fix, each with what a flush is worth at that moment. */
export interface Row {
  readonly name: string;
  /** The rule that tells the cause; null = nothing does on some flavour. */
  readonly rule: RuleId | null;
  readonly client: string;
  readonly login: Login;
  readonly steps: readonly [Step, ...Step[]];
}

export interface Step {
  readonly act: (world: World) => unknown;
  readonly flush: FlushEffect;
  /** What the login meets as things are, and after a flush: an error, or the account. */
  readonly now: number | string;
  readonly afterFlush: number | string;
}

export const CLIENT = '240.221.242.64';
export const NAME = 'merp.example.com';
export const BY_NAME = `jdoe@${NAME}`;
export const JDOE: Login = { user: 'jdoe' };
/** max_connect_errors. */
export const LIMIT = 3;

/** First mend DNS, then flush: the NULL outlives the fix, and a flush too early stores it again. */
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

/** Do not flush: DNS is asked anew at each connection. */
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

/** Fixed by its fix alone. */
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

/** Nothing is left to do. */
export function settled(account: string): Step {
  return { act: nothing, flush: 'useless', now: account, afterFlush: account };
}

/** The client comes once while it is so, and the server remembers. */
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

/** The client came under one name; DNS now gives another, or none. */
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
