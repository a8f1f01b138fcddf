import { describe, expect, it } from 'vitest';
import { isReply } from '../../src/chat/reply.ts';
import { planCommand } from '../../src/plan/plan-command.ts';
import { readPlan } from '../../src/plan/plan-line.ts';
import { sayChange } from '../../src/plan/read-change.ts';
import { slackRequest, terminalRequest } from '../diagnosis/requests.ts';
import { createFakeResolver } from '../fakes/resolver.ts';
import { createFakeServer } from '../fakes/server.ts';
import { account } from '../scenarios/accounts.ts';

/** The line of a plan, and one clear line for each that cannot be planned. */

const NAMES = ['main', 'db 2'];
const NOW = new Date('2026-11-29T12:00:00Z');

const TARGETS = NAMES.map((name) => ({
  server: createFakeServer({ name, accounts: [account('app', '10.%')] }),
  resolver: createFakeResolver({ ptr: { '192.0.2.7': ['a.example.com'] } }),
}));

function read(line: string) {
  const args = readPlan(slackRequest(line), TARGETS);
  if (isReply(args)) return args.messages[0]?.headline;
  const { change, servers, isPublic } = args;
  return [sayChange(change), servers.map(({ server }) => server.name).join(), isPublic] as const;
}

describe('reads', () => {
  it.each([
    ['skip-name-resolve on', ['skip-name-resolve on', 'main,db 2', false]],
    ['skip-name-resolve on on main', ['skip-name-resolve on', 'main', false]],
    ['flush on "db 2"', ['flush', 'db 2', false]],
    ["flush on 'db 2' publicly", ['flush', 'db 2', true]],
    ['flush publicly on main', ['flush', 'main', true]],
    ['flush ON all', ['flush', 'main,db 2', false]],
    ["add 'my app'@'10.%' on main", ["add 'my app'@'10.%'", 'main', false]],
    // Part of the account.
    ["add 'on on x'@'10.%'", ["add 'on on x'@'10.%'", 'main,db 2', false]],
    ["rename 'a b' to 'c  d'", ["rename 'a b'@'%' to 'c  d'@'%'", 'main,db 2', false]],
    // From the form, with and without a server in the line.
    ['on main "skip-name-resolve on"', ['skip-name-resolve on', 'main', false]],
    [`on "db 2" "add 'my app'@'10.%'"`, ["add 'my app'@'10.%'", 'db 2', false]],
    ['"skip-name-resolve off on main"', ['skip-name-resolve off', 'main', false]],
    ['on main flush', ['flush', 'main', false]],
  ] as const)('%s', (line, expected) => expect(read(line)).toEqual(expected));

  it('in a terminal, from the words of a shell', () => {
    const args = readPlan(terminalRequest(['add', 'app@10.%'], { server: 'main' }), TARGETS);
    expect(args).toMatchObject({ change: { kind: 'add', account: { user: 'app', host: '10.%' } } });
  });
});

describe('says in one line', () => {
  it.each([
    ['', /^Expected a change: skip-name-resolve on\|off, flush, /],
    ['on main', /^Expected a change: /],
    ['flsh on main', /^Expected a change: .*; got "flsh"\.$/],
    ['flush now', /^flush takes no words, got "now"\.$/],
    ['flush on mian', /^Unknown server "mian": expected main, db 2, all\.$/],
    ['skip-name-resolve on on mian', /^Unknown server "mian"/],
    ['skip-name-resolve', /^Expected "skip-name-resolve on" or "off", got nothing\.$/],
    ['drop old', /^main: There is no account 'old'@'%'\.$/],
    ['drop app', /^main: There is no account 'app'@'%'\. There is 'app'@'10\.%'\.$/],
    ["add 'app'@'10.%'", /^main: 'app'@'10\.%' exists already\.$/],
    ["add 'app'@'a@b'", /^A host pattern has no "@"/],
    [`add 'app'@'${'h'.repeat(256)}'`, /^A host pattern has at most 255 characters, got 256\.$/],
    [`add ${'u'.repeat(33)}`, /login names of 32 characters at most, got 33\.$/],
    ['rename app', /^Expected "rename 'app'@'10\.%' to/],
    ["rename 'app'@'10.%' to 'app'@'10.%'", /^main: 'app'@'10\.%' exists already\.$/],
    ['skip-name-resolve off', /^main: skip_name_resolve is OFF already\.$/],
    ['max-connect-errors 100', /^main: max_connect_errors is 100 already\.$/],
    ['max-connect-errors many', /^max-connect-errors: expected a whole number from 1 on/],
    ['dns shop none', /^dns: expected an IPv4 or IPv6 address, got "shop"\.$/],
    ['release oracle 19', /release/i],
    ['release mysql 9.7.4', /^main: The server runs 9\.7\.4 already\.$/],
    ['check', /^Expected the id of a plan, such as "plan check PL-12", got nothing\.$/],
    ['check PL-1', /^Plans are not kept here\.$/],
  ] as const)('%s', async (line, says) => {
    const [target] = TARGETS;
    const targets = target === undefined || line.includes('mian') ? TARGETS : [target];
    const reply = await planCommand.run(slackRequest(line), { targets, now: () => NOW });
    expect(reply.messages).toHaveLength(1);
    expect(reply.messages[0]?.headline).toMatch(says);
    expect(reply.exit).toBe(line === 'check PL-1' ? 3 : 2);
  });

  it('suggests the server, and asks a person for the change', async () => {
    const parts = { targets: TARGETS, now: () => NOW };
    const reply = await planCommand.run(slackRequest('flush on mian'), parts);
    expect(reply.didYouMean).toEqual({ word: 'mian', instead: 'main' });
    const asks = (line: string) => planCommand.asks?.(slackRequest(line), parts) ?? [];
    expect(asks('flush on main')).toEqual([]);
    expect(asks('check')).toEqual([]);
    expect(asks('on main')).toEqual(asks(''));
    const [ask] = asks('on main');
    expect(ask?.label).toContain('release <mysql|mariadb> <version>');
    expect(ask?.fault?.('flsh')).toMatch(/^Expected a change/);
    expect(ask?.fault?.('flush')).toBeNull();
  });
});
