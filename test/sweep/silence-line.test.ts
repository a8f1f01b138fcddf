import { describe, expect, it } from 'vitest';
import { completedLine } from '../../src/chat/ask.ts';
import { isReply } from '../../src/chat/reply.ts';
import { splitWords } from '../../src/chat/words.ts';
import { readSilence, silenceAsks } from '../../src/sweep/silence-line.ts';

/** What can be typed after `silence`, whole or in part. */

const TARGETS = ['main', 'replica'].map((name) => ({ server: { name } }));
const HOUR_MS = 3_600_000;

function read(line: string) {
  const found = readSilence(splitWords(line), TARGETS);
  return isReply(found) ? (found.messages[0]?.headline ?? '') : found;
}

function asked(line: string): readonly string[] {
  return silenceAsks(splitWords(line), TARGETS).map(({ name }) => name);
}

describe('a whole line', () => {
  it.each([
    { line: 'AL-3', what: { kind: 'alert', id: 'AL-3' } },
    { line: 'al-3', what: { kind: 'alert', id: 'AL-3' } },
    { line: 'null-host', what: { kind: 'rule', rule: 'null-host' } },
    { line: 'null-host on main', what: { kind: 'rule', rule: 'null-host', server: 'main' } },
    { line: 'null-host ON main', what: { kind: 'rule', rule: 'null-host', server: 'main' } },
    { line: 'null-host on all', what: { kind: 'rule', rule: 'null-host' } },
    { line: '"null-host on main"', what: { kind: 'rule', rule: 'null-host', server: 'main' } },
    { line: 'on replica', what: { kind: 'server', server: 'replica' } },
    { line: 'main', what: { kind: 'server', server: 'main' } },
    { line: '10.0.0.0/8', what: { kind: 'network', address: '10.0.0.0', bits: 8 } },
    {
      line: '192.0.2.7 on main',
      what: { kind: 'network', address: '192.0.2.7', bits: 32, server: 'main' },
    },
  ])('$line', ({ line, what }) => {
    expect(read(`${line} for 4h it is ours`)).toEqual({
      ...{ what, lastsMs: 4 * HOUR_MS, reason: 'it is ours' },
    });
    expect(asked(`${line} for 4h it is ours`)).toEqual([]);
    expect(asked(line)).toEqual(['for', 'reason']);
    expect(asked(`${line} for 4h`)).toEqual(['reason']);
  });

  it.each(['for 2h why', 'FOR 2h why'])('null-host %s', (rest) => {
    expect(read(`null-host ${rest}`)).toMatchObject({ lastsMs: 2 * HOUR_MS, reason: 'why' });
  });
});

describe('a line that can never run is refused, and asks for nothing', () => {
  it.each([
    { line: 'nul-host', says: /expected an alert \(AL-3\), a rule \(.*got "nul-host"/ },
    { line: 'AL-', says: /expected an alert/ },
    { line: 'null-host on mian', says: /Unknown server "mian": expected main, replica, all/ },
    { line: 'null-host on', says: /Expected "on <server>", got "on"/ },
    { line: 'on', says: /Expected "on <server>", got "on"/ },
    { line: 'on all', says: /expected an alert.*got "on all"/ },
    { line: 'AL-3 on main', says: /expected "for" and a duration.*got "on main"/ },
    { line: 'main on replica', says: /expected "for" and a duration.*got "on replica"/ },
    { line: 'null-host 4h ours', says: /expected "for" and a duration.*got "4h ours"/ },
    { line: 'null-host for', says: /expected "for" and a duration.*got "for"/ },
    { line: 'null-host for ever', says: /got "for ever"/ },
    { line: 'null-host for 31d', says: /30d at most, got "for 31d"/ },
    { line: 'null-host for 0s', says: /got "for 0s"/ },
    { line: 'for 4h', says: /expected an alert.*got "for"/ },
    { line: '10.0.0.0/33', says: /expected an alert/ },
  ])('$line', ({ line, says }) => {
    expect(read(line)).toMatch(says);
    expect(asked(line)).toEqual([]);
  });
});

describe('the form', () => {
  it.each(['', '  ', '""'])('of "%s" asks for what, how long and why', (line) => {
    expect(asked(line)).toEqual(['what', 'for', 'reason']);
  });

  it.each(['AL-3', 'null-host on main', 'on main', '10.0.0.0/8'])('takes %s', (what) => {
    const asks = silenceAsks([], TARGETS);
    const answers = new Map([
      ['what', what],
      ['for', '2d'],
      ['reason', 'for 3h on main'],
    ]);
    for (const { name, fault } of asks) expect(fault?.(answers.get(name) ?? '') ?? null).toBeNull();
    const line = completedLine('silence', asks, answers);
    const [typed, formed] = [`${what} for 2d "for 3h on main"`, splitWords(line).slice(1)];
    expect(readSilence(formed, TARGETS)).toEqual(read(typed));
  });

  it.each([
    { name: 'what', answer: 'nul-host' },
    { name: 'what', answer: 'null-host on mian' },
    { name: 'what', answer: 'null-host for 4h' },
    { name: 'for', answer: 'ever' },
    { name: 'for', answer: '31d' },
  ])('says beside the field what is wrong with "$answer"', ({ name, answer }) => {
    const ask = silenceAsks([], TARGETS).find((each) => each.name === name);
    expect(ask?.fault?.(answer)).toMatch(/^Expected a.*\.$/);
  });
});
