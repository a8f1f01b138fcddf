import { describe, expect, it } from 'vitest';
import type { Block, Button, Message, Spans } from '../../src/chat/message.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { type Evidence, known } from '../../src/diagnosis/evidence.ts';
import { diagnosisMessage } from '../../src/diagnosis/messages.ts';
import { fc } from '../chance.ts';
import { account, rowsOf } from '../scenarios/accounts.ts';
import { SCENARIOS } from '../scenarios/all.ts';
import * as blind from '../scenarios/blind.ts';
import * as blocks from '../scenarios/blocks.ts';
import { CLIENT } from '../scenarios/clients.ts';
import { healthy } from '../scenarios/evidence.ts';
import * as logins from '../scenarios/logins.ts';
import * as names from '../scenarios/names.ts';
import { slackRequest, whyAsked } from './requests.ts';

/** A diagnosis in words, and the buttons under it. */

function messageOf(evidence: Evidence, client = evidence.client.text): Message {
  return diagnosisMessage(diagnose(evidence), client);
}

function textOf(spans: Spans): string {
  return spans.map((span) => ('text' in span ? span.text : 'at some time')).join('');
}

function textsOf(block: Block): readonly string[] {
  switch (block.kind) {
    case 'heading':
    case 'statement':
      return [block.text];
    case 'call':
      return block.ids;
    case 'text':
    case 'note':
      return [textOf(block.spans)];
    case 'table':
      return [...block.columns.map(({ label }) => label), ...block.rows.flat()];
    case 'chart':
      return [block.title, ...block.labels, ...block.series.map(({ name }) => name)];
    case 'buttons':
      return block.buttons.flatMap(({ label, says }) => [label, says]);
  }
}

function buttonsOf({ blocks: all }: Message): readonly Button[] {
  return all.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
}

describe.each(SCENARIOS)('of $name', ({ evidence }) => {
  const message = messageOf(evidence);

  it('begins with the answer in one line', () => {
    expect(message.headline).toMatch(/^192\.0\.2\.7|^127\.0\.0\.1/);
    expect(message.headline).not.toContain('\n');
    const [first] = message.blocks;
    expect(first === undefined ? '' : textsOf(first).join('')).toBe(message.headline);
  });

  it('says nothing that is no word', () => {
    const whole = message.blocks.flatMap(textsOf).join('\n');
    expect(whole).not.toMatch(/undefined|\[object|NaN|Invalid| {2}|\.\.(?!\.)|\bnull\b/);
  });

  it('has one table at most, and every gap', () => {
    expect(message.blocks.filter(({ kind }) => kind === 'table').length).toBeLessThanOrEqual(1);
    const whole = message.blocks.flatMap(textsOf).join('\n');
    for (const gap of diagnose(evidence).gaps) expect(whole).toContain(gap);
  });

  it('has buttons that ask the same of the same server', () => {
    for (const { line } of buttonsOf(message)) {
      if (line === 'flush on main' || line.startsWith('plan ')) continue;
      expect(line).toMatch(/^why /);
      expect(whyAsked(slackRequest(line.slice(4)), ['main', 'replica'])).toEqual({
        clients: [evidence.client.text],
        users: [evidence.user],
        servers: ['main'],
        isPublic: line.endsWith(' publicly'),
      });
    }
  });
});

describe('the first line', () => {
  it.each([
    {
      name: 'fixed DNS',
      evidence: names.nullHostFixed,
      says: '192.0.2.7 is not allowed to connect to main (1130); a flush of the host cache cures it.',
    },
    {
      name: 'broken DNS',
      evidence: names.nullHostNoPtr,
      says: '192.0.2.7 is not allowed to connect to main (1130); a flush alone will not help: fix DNS first, then flush.',
    },
    {
      name: 'a block',
      evidence: blocks.blocked,
      says: '192.0.2.7 is blocked by main (1129); a flush unblocks it, until the errors return.',
    },
    {
      name: 'a cached name alone',
      evidence: names.dnsGone,
      says: '192.0.2.7 passes the host check of main; do not flush: only its cached name lets it in.',
    },
    {
      name: 'another account',
      evidence: names.staleHostSameUser,
      says: "192.0.2.7 as jdoe can log in to main as 'jdoe'@'old.example.com'; after a flush it would log in as another account, as 'jdoe'@'merp.example.com'.",
    },
    {
      name: 'no such user',
      evidence: logins.noSuchUser,
      says: '192.0.2.7 as ghost is denied by main (1045): no account matches; a flush changes nothing.',
    },
    {
      name: 'a locked account',
      evidence: logins.lockedAccount,
      says: "192.0.2.7 as jdoe lands on 'jdoe'@'merp.example.com' of main and is refused there; a flush changes nothing.",
    },
    {
      name: 'a blind server',
      evidence: blind.mariadbBlind,
      says: '192.0.2.7 could not be checked on main; the effect of a flush is not known.',
    },
  ])('of $name', ({ evidence, says }) => expect(messageOf(evidence).headline).toBe(says));

  it('names the host that was asked for', () => {
    const { headline } = messageOf(healthy, 'merp.example.com');
    expect(headline).toMatch(/^merp\.example\.com \(192\.0\.2\.7\) passes/);
  });
});

describe('one cause is told once', () => {
  const wordsOf = (evidence: Evidence) => JSON.stringify(messageOf(evidence));

  it.each([
    { name: 'the broken handshakes of a block', evidence: blocks.blocked },
    { name: 'the broken handshakes before a block', evidence: blocks.halfway },
  ])('$name', ({ evidence }) => {
    expect(wordsOf(evidence).match(/COUNT_HANDSHAKE_ERRORS/g)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(diagnose(evidence).findings.map(({ rule }) => rule)).toContain('handshake-errors');
  });

  it('a name that an account waits for, though another one admits the client', () => {
    const { headline } = messageOf(names.roleOpensHostCheck);
    expect(headline).toContain('passes the host check');
    expect(headline).toContain('accounts that need its name can be used after a flush');
  });

  it('an account that is reached and refuses is not said to admit', () => {
    expect(wordsOf(logins.nativePassword)).not.toContain('admitted as');
  });

  it('DNS that answers again is not said to fail', () => {
    expect(wordsOf(names.servfailHealed)).toContain('DNS failed for this address when');
    expect(wordsOf(names.servfailHealed)).not.toContain('DNS fails for this address');
  });

  it('accounts of one rank may each be chosen', () => {
    const table = messageOf(logins.tiedAccounts).blocks.find(({ kind }) => kind === 'table');
    const rows = [
      ["'jdoe'@'%.example.com'", 'maybe', 'maybe'],
      ["'jdoe'@'%.com'", 'maybe', 'maybe'],
    ];
    expect(table).toMatchObject({ rows });
  });
});

it.each([names.addressGone, names.dnsDownCached, names.dnsGone])(
  'where a flush keeps a client out, the answer says what to do first',
  (evidence) => {
    const said = messageOf(evidence).blocks.flatMap(textsOf).join('\n');
    expect(said.match(/First fix DNS, or create an account for the address/g)).toHaveLength(1);
  },
);

describe('a flush is offered', () => {
  const offers = (evidence: Evidence) =>
    buttonsOf(messageOf(evidence)).some(({ line }) => line === 'flush on main');

  it.each([
    { name: 'cures', evidence: names.nullHostFixed },
    { name: 'unblocks', evidence: blocks.blocked },
    { name: 'changes the account', evidence: names.staleHostOtherAccount },
  ])('where it $name', ({ evidence }) => expect(offers(evidence)).toBe(true));

  it.each([
    { name: 'needs DNS first', evidence: names.nullHostNoPtr },
    { name: 'breaks', evidence: names.dnsGone },
    { name: 'changes nothing', evidence: healthy },
    { name: 'does nobody knows what', evidence: blind.noGrantOnMysqlUser },
    { name: 'cannot be asked for', evidence: blind.serverDown },
  ])('not where it $name', ({ evidence }) => expect(offers(evidence)).toBe(false));
});

it.each([
  { evidence: blind.skipNameResolve, lines: ['plan skip-name-resolve off on main'] },
  { evidence: names.servfail, lines: ['plan skip-name-resolve on on main'] },
  { evidence: healthy, lines: [] },
])('a plan of the other value of skip_name_resolve is offered: $lines', ({ evidence, lines }) => {
  const offered = buttonsOf(messageOf(evidence)).map(({ line }) => line);
  expect(offered.filter((line) => line.startsWith('plan '))).toEqual(lines);
});

it('a long list of accounts is cut, and says by how much', () => {
  const rows = Array.from({ length: 14 }, (_, i) => account(`app${i}`, '192.0.2.%'));
  const accounts = known({ ...rowsOf(...rows), moreMatching: 3 });
  const table = messageOf({ ...healthy, accounts }).blocks.find(({ kind }) => kind === 'table');
  expect(table !== undefined && textsOf(table)).toContain('+ 7 more');
});

it('any user comes back from the button as he went in', () => {
  const user = fc.string({ unit: fc.constantFrom(...'ab.@-\\%$<&`o\' "'), maxLength: 8 });
  fc.assert(
    fc.property(user, (name) => {
      for (const { line } of buttonsOf(messageOf({ ...healthy, user: name }))) {
        if (!line.startsWith('why ')) continue;
        const asked = whyAsked(slackRequest(line.slice(4)), ['main']);
        expect(asked).toMatchObject({ clients: [CLIENT.text], users: [name], servers: ['main'] });
      }
    }),
  );
});
