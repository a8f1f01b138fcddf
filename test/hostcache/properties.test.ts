import { describe, expect, it } from 'vitest';
import { isLoopback } from '../../src/hostcache/address.ts';
import { couldMatchSomeName, matches, parseHostPattern } from '../../src/hostcache/host-pattern.ts';
import {
  candidatesOf,
  chooseAccount,
  compareSpecificity,
  passesHostCheck,
} from '../../src/hostcache/matching.ts';
import { fc } from '../chance.ts';
import { account } from '../scenarios/accounts.ts';
import { addressOf } from '../scenarios/clients.ts';
import { accounts, address, host, nameOf, rules, validName, weirdText } from './arbitraries.ts';
import { logIn } from './login.ts';
import {
  compare,
  type Flavour,
  type Resolution,
  referenceAccount,
  refused1130,
  resolve,
} from './reference.ts';

/** Properties that hold for all accounts, clients and names. */

const login = fc.record({
  list: accounts(),
  client: address,
  name: fc.option(validName),
  order: rules,
});

const NAMELESS = { known: false } as const;
const RUNS = { numRuns: 700 };

it('nothing throws, whatever is in mysql.user and in DNS', () => {
  const wild = fc.record({
    list: accounts(weirdText),
    client: address,
    name: fc.option(weirdText),
    user: weirdText,
    order: rules,
  });
  fc.assert(
    fc.property(wild, ({ list, client, name, user, order }) => {
      const candidates = candidatesOf(list, order);
      for (const each of [{ known: true, name } as const, NAMELESS]) {
        passesHostCheck(candidates, { address: client, name: each }, order);
        chooseAccount(candidates, user, { address: client, name: each }, order);
      }
      for (const { pattern } of candidates) couldMatchSomeName(pattern, client, order);
    }),
    RUNS,
  );
});

describe('compared with the reference', () => {
  const FLAVOURS = [
    { order: 'mysql', flavour: 'mysql9' },
    { order: 'mysql-old', flavour: 'mysqlOld' },
    { order: 'mariadb', flavour: 'mariadb' },
  ] as const;

  it.each(FLAVOURS)('$order: every login has the same answer', ({ order, flavour }) => {
    fc.assert(
      fc.property(login, ({ list, client, name }) => {
        const rows = list.filter(({ isRole }) => flavour !== 'mariadb' || !isRole);
        const known = nameOf({ client, name });
        const answer = logIn({ accounts: list, address: client.text, name: known, rules: order });
        expect(answer).toEqual(referenceAnswer(rows, known, client.text, flavour));
      }),
      RUNS,
    );
  });

  it.each(FLAVOURS)('$order: any two patterns have the same order', ({ order, flavour }) => {
    const long = fc
      .tuple(fc.integer({ min: 0, max: 140 }), fc.constantFrom('', '%', '_', '%a', '_%', 'b'))
      .map(([length, tail]) => `${'a'.repeat(length)}${tail}`);
    const many = fc.array(fc.constantFrom('%', '_', 'a', '%a', '_%'), { maxLength: 80 });
    // Equal except for one part, which random pairs rarely are.
    const short = fc.array(fc.constantFrom('_', 'a'), { minLength: 3, maxLength: 3 });
    const runs = fc.integer({ min: 28, max: 36 }).map((count) => '%a'.repeat(count));
    const text = fc.oneof(
      ...[host, long, runs, many.map((pieces) => pieces.join(''))],
      short.map((pieces) => `${pieces.join('')}%`),
    );
    const user = fc.constantFrom('u', '');
    fc.assert(
      fc.property(text, text, user, user, (hostA, hostB, userA, userB) => {
        const [a, b] = [account(userA, hostA), account(userB, hostB)].map((one) => ({
          row: { account: one, pattern: parseHostPattern(one.host, order) },
          reference: referenceAccount(one.user, one.host, flavour),
        }));
        if (a === undefined || b === undefined) return;
        const expected = compare(a.reference, b.reference, flavour);
        expect(Math.sign(compareSpecificity(a.row, b.row, order))).toBe(Math.sign(expected));
      }),
      RUNS,
    );
  });

  function referenceAnswer(
    rows: readonly { readonly user: string; readonly host: string }[],
    name: string | null,
    ip: string,
    flavour: Flavour,
  ) {
    const list = rows.map((row) => referenceAccount(row.user, row.host, flavour));
    if (refused1130(list, name, ip, flavour)) return { result: 1130, ties: [] };
    const { account, ties }: Resolution = resolve(list, 'u', name, ip, flavour);
    if (account === null) return { result: 1045, ties: [] };
    const spelt = (row: { readonly user: string; readonly host: string }) =>
      `${row.user}@${row.host}`;
    return { result: spelt(account), ties: ties.map(spelt) };
  }
});

describe('an answer without the name', () => {
  it('of the host check holds for every name that the client could have', () => {
    fc.assert(
      fc.property(login, ({ list, client, name, order }) => {
        const candidates = candidatesOf(list, order);
        const unknown = passesHostCheck(candidates, { address: client, name: NAMELESS }, order);
        if (unknown === null || isLoopback(client)) return;
        const known = { address: client, name: { known: true, name } } as const;
        expect(passesHostCheck(candidates, known, order)).toBe(unknown);
      }),
      RUNS,
    );
  });

  it('of the account holds for every name that the client could have', () => {
    fc.assert(
      fc.property(login, ({ list, client, name, order }) => {
        if (isLoopback(client)) return;
        const candidates = candidatesOf(list, order);
        const unknown = chooseAccount(candidates, 'u', { address: client, name: NAMELESS }, order);
        const known = { address: client, name: { known: true, name } } as const;
        const choice = chooseAccount(candidates, 'u', known, order);
        switch (unknown.kind) {
          case 'account':
          case 'none':
            expect(choice).toEqual(unknown);
            break;
          case 'unknown':
            // A name only adds rows, so a client that is admitted without one stays admitted.
            if (unknown.admits) expect(choice.kind).toBe('account');
        }
      }),
      RUNS,
    );
  });

  it('is "unknown" if a name could add a row that ties with the best one', () => {
    const rows = [account('u', '192.0.2.%'), account('u', 'merphost%')];
    const client = { address: addressOf('192.0.2.7'), name: NAMELESS };
    const candidates = candidatesOf(rows, 'mysql');
    expect(chooseAccount(candidates, 'u', client, 'mysql')).toEqual({
      kind: 'unknown',
      admits: true,
    });
  });

  it('is "unknown" only if two names would get different answers', () => {
    fc.assert(
      fc.property(login, ({ list, client, order }) => {
        if (isLoopback(client)) return;
        const candidates = candidatesOf(list, order);
        const unknown = passesHostCheck(candidates, { address: client, name: NAMELESS }, order);
        if (unknown !== null) return;
        const without = { address: client, name: { known: true, name: null } } as const;
        expect(passesHostCheck(candidates, without, order)).toBe(false);
        const could = candidates.filter(({ pattern }) =>
          couldMatchSomeName(pattern, client, order),
        );
        expect(could).not.toEqual([]);
      }),
      RUNS,
    );
  });
});

describe('couldMatchSomeName', () => {
  const one = fc.record({ text: host, client: address, name: validName, order: rules });

  it('false: no name makes the pattern match', () => {
    fc.assert(
      fc.property(one, ({ text, client, name, order }) => {
        const pattern = parseHostPattern(text, order);
        if (couldMatchSomeName(pattern, client, order)) return;
        if (matches(pattern, client, null, order)) return;
        expect(matches(pattern, client, name, order)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('a name’s own pattern could match it, escaped or with wildcards in it', () => {
    const cut = fc.record({ name: validName, at: fc.nat(20), length: fc.nat(4), order: rules });
    fc.assert(
      fc.property(cut, address, ({ name, at, length, order }, client) => {
        const whole = name.replaceAll('_', '\\_');
        const holed = `${name.slice(0, at)}%${name.slice(at + length)}`;
        for (const text of [whole, holed]) {
          const pattern = parseHostPattern(text, order);
          expect(couldMatchSomeName(pattern, client, order)).toBe(true);
        }
      }),
      RUNS,
    );
  });
});

it('a role, a locked account and the order of the rows only change ties', () => {
  fc.assert(
    fc.property(login, ({ list, client, name, order }) => {
      const asked = { address: client.text, name: nameOf({ client, name }), rules: order };
      const { result, ties } = logIn({ ...asked, accounts: list });
      const turned = logIn({ ...asked, accounts: list.toReversed() });
      // The order of the rows only decides ties, and then both are named.
      expect([turned.result, ...turned.ties].sort()).toEqual([result, ...ties].sort());
      const locked = list.map((each) => ({ ...each, locked: true }));
      expect(logIn({ ...asked, accounts: locked })).toEqual({ result, ties });
    }),
    RUNS,
  );
});
