import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { DnsFacts } from '../../src/diagnosis/dns-facts.ts';
import { type Evidence, type Known, known, unknown } from '../../src/diagnosis/evidence.ts';
import { diagnosisMessage } from '../../src/diagnosis/messages.ts';
import { RULES } from '../../src/diagnosis/rules/index.ts';
import type { AccountRows } from '../../src/hostcache/server.ts';
import { ACCOUNT_CASES } from '../diagnosis/rule-cases/accounts.ts';
import { COUNTER_CASES } from '../diagnosis/rule-cases/counters.ts';
import { NAME_CASES } from '../diagnosis/rule-cases/names.ts';
import { SERVER_CASES } from '../diagnosis/rule-cases/servers.ts';
import { account } from '../scenarios/accounts.ts';
import { SCENARIOS } from '../scenarios/all.ts';
import { addressOf } from '../scenarios/clients.ts';
import { expectSound } from './sound.ts';
import { LONG_ADDRESS, LONG_SERVER, WORDS, type Words } from './words.ts';

/** The verdict of every rule and outcome, with ordinary and with hostile names. */

const CASES = [...NAME_CASES, ...ACCOUNT_CASES, ...COUNTER_CASES, ...SERVER_CASES];

const EVIDENCE: readonly { readonly name: string; readonly evidence: Evidence }[] = [
  ...SCENARIOS,
  ...CASES.flatMap(({ rule, name, on, below, unknown: without }) => [
    { name: `${rule}, ${name}`, evidence: on },
    { name: `${rule}, ${name}: below`, evidence: below },
    ...(without === null ? [] : [{ name: `${rule}, ${name}: unknown`, evidence: without }]),
  ]),
];

/** Every scenario, and for each rule the first case that fires. */
const BENT = [
  ...SCENARIOS,
  ...RULES.flatMap(({ id }) => {
    const first = CASES.find(({ rule }) => rule === id);
    return first === undefined ? [] : [{ name: `the rule ${id}`, evidence: first.on }];
  }),
];

/** The same case with other names. */
function bent(evidence: Evidence, words: Words): Evidence {
  const { entry, dns, user, accounts, settings, activity } = evidence;
  return {
    ...evidence,
    server: LONG_SERVER,
    client: addressOf(LONG_ADDRESS),
    user: user === null ? null : words.user,
    settings: bentWhy(settings, words),
    activity: bentWhy(activity, words),
    entry:
      entry.known && entry.value !== null
        ? known({ ...entry.value, host: entry.value.host === null ? null : words.host })
        : bentWhy(entry, words),
    accounts: accounts.known ? known(bentRows(accounts.value, words)) : bentWhy(accounts, words),
    dns: dns === null ? null : bentDns(dns, words),
    resolver: words.says,
    rejectedName: evidence.rejectedName === null ? null : words.host,
  };
}

function bentWhy<T>(fact: Known<T>, { says }: Words): Known<T> {
  return fact.known ? fact : unknown(says);
}

function bentDns(dns: DnsFacts, { host, says }: Words): DnsFacts {
  return {
    ...dns,
    host: dns.host === null ? null : host,
    names: dns.names.map((_, at) => `${host}${at}`),
    why: dns.why === null ? null : says,
  };
}

/** Adds a hundred rows that match, and more that are only counted. */
function bentRows({ rows }: AccountRows, { user, pattern, host }: Words): AccountRows {
  const more = Array.from({ length: 50 }, (_, at) => account(`${user}${at}`, '%'));
  const named = Array.from({ length: 50 }, () => account(user, host));
  return {
    rows: [...rows, account(user, '%'), account(user, pattern), ...more, ...named],
    moreMatching: 900_000,
    moreNamed: 900_000,
  };
}

it('every rule fires in some case', () => {
  const fired = new Set(
    EVIDENCE.flatMap(({ evidence }) => diagnose(evidence).findings.map(({ rule }) => rule)),
  );
  const silent = RULES.map(({ id }) => id).filter((id) => !fired.has(id));
  // Rules for sweeps and saved rows have no verdict.
  expect(silent).toEqual([]);
});

describe('drawn as it is', () => {
  it.each(EVIDENCE)('$name', ({ evidence }) => {
    expectSound(diagnosisMessage(diagnose(evidence), evidence.client.text));
  });
});

describe.each(WORDS)('drawn with $name words', (words) => {
  it.each(BENT)('$name', ({ evidence }) => {
    expectSound(diagnosisMessage(diagnose(bent(evidence, words)), words.host));
  });
});
