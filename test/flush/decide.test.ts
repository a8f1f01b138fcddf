import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/chat/subcommand.ts';
import { createUnreadable } from '../../src/chat/unreadable.ts';
import { approveCommand, rejectCommand } from '../../src/flush/decide.ts';
import type { FlushParts } from '../../src/flush/parts.ts';
import type { FlushRequest } from '../../src/flush/request.ts';
import { type Bed, NOON, openBed, request, seconds } from './bed.ts';

/** Who may decide a request with what; a refusal decides nothing, and the audit has it. */

let bed: Bed;
/** The flushes that were started. */
let begun: Promise<void>[];

beforeEach(async () => {
  bed = await openBed();
  begun = [];
});

afterEach(async () => {
  await Promise.all(begun);
  await bed.close();
});

type Person = Extract<Caller, { kind: 'person' }>;

const TYPED: Person = { kind: 'person', user: 'U0BOB', channel: 'C1', thread: null };
const CLICK: Person = { ...TYPED, isClick: true };

interface Ask {
  readonly act?: typeof approveCommand.run;
  readonly line?: string;
  readonly caller?: Caller;
  readonly parts?: Partial<FlushParts>;
}

/** The headline of the answer, its exit code, and the state after it. */
async function answerTo({ act = approveCommand.run, line = 'FR-1', caller = CLICK, parts }: Ask) {
  const words = line.split(' ');
  const inBackground = (work: Promise<void>) => void begun.push(work);
  const given = { ...bed.parts(), inBackground, ...parts };
  const reply = await act({ words, line, options: {}, caller }, given);
  const says = reply.messages[0]?.headline ?? '';
  return { says, exit: reply.exit, state: (await bed.state.flushes.find('FR-1'))?.state };
}

const add = (given: Partial<FlushRequest> = {}) => bed.state.flushes.add(request(given), []);

/** What was audited after the request itself. */
const audited = async () =>
  (await bed.state.flushes.auditOf('FR-1')).slice(1).map(({ by, what }) => `${by} ${what}`);

describe('approve', () => {
  it('a click of an approver approves, and the flush runs', async () => {
    await add();
    const says = 'FR-1 is approved. The flush runs now; its thread reports the result.';
    expect(await answerTo({})).toMatchObject({ says, exit: 0 });
    await Promise.all(begun);
    expect(await bed.outcome()).toMatchObject({ state: 'flushed', flushes: 1 });
    expect((await audited())[0]).toBe('U0BOB approved (could decide: U0BOB)');
    expect(await bed.said()).toContain('FR-1 is approved by U0BOB.');
  });

  it.each<Ask & { name: string }>([
    { name: 'typed', caller: TYPED },
    { name: 'typed in a terminal', caller: { kind: 'terminal' } },
  ])('$name, it shows the card and decides nothing', async (asked) => {
    await add();
    const { says, exit, state } = await answerTo(asked);
    expect(says).toMatch(/^Approval needed/);
    expect([exit, state, begun]).toEqual([0, 'pending', []]);
  });

  it('more words are refused, since a flush would run', async () => {
    await add();
    expect(await answerTo({ line: 'FR-1 on other' })).toEqual({
      says: 'approve: expected only the id of a flush request, got "on" after it.',
      exit: 2,
      state: 'pending',
    });
  });

  it.each<{ name: string; given?: Partial<FlushRequest>; asked?: Ask; says: RegExp }>([
    {
      name: 'the requester',
      asked: { caller: { ...CLICK, user: 'U0ALICE' } },
      says: /You requested FR-1 yourself/,
    },
    {
      name: 'nobody, where the approvers cannot be read',
      asked: { parts: { membersOf: async () => null } },
      says: /could not be read, so nobody can approve/,
    },
    {
      name: 'the requester under another id',
      asked: { parts: { isSamePerson: async () => true } },
      says: /You requested FR-1 yourself/,
    },
    {
      name: 'somebody who may be the requester, as far as Slack says',
      asked: { parts: { isSamePerson: async () => null } },
      says: /^Slack did not say whether you are the person who requested FR-1, so you cannot/,
    },
    {
      name: 'somebody whose request is of the future',
      given: { requestedAt: seconds(60.001) },
      says: /in the future by the clock of this replica/,
    },
    {
      name: 'somebody who is too late',
      given: { expiresAt: NOON },
      says: /expired before anyone approved it/,
    },
  ])('$name is refused, and the audit says who', async ({ given, asked = {}, says }) => {
    await add(given);
    const answer = await answerTo(asked);
    expect(answer).toMatchObject({ says: expect.stringMatching(says), exit: 2, state: 'pending' });
    const by = asked.caller?.kind === 'person' ? asked.caller.user : 'U0BOB';
    const entry = expect.stringMatching(`^${by} refused to be approved: `);
    expect(await audited()).toEqual([entry]);
    expect(begun).toEqual([]);
  });

  it('a clock that is one minute ahead is accepted', async () => {
    await add({ requestedAt: seconds(60) });
    expect((await answerTo({})).says).toContain('is approved');
  });

  it('a server that is no longer in the settings is refused, and audited', async () => {
    await add({ server: 'gone' });
    const says =
      'FR-1 requests a flush of gone, which is no longer in the settings. Nothing was run.';
    expect(await answerTo({})).toEqual({ says, exit: 2, state: 'pending' });
    expect(await audited()).toEqual([`U0BOB refused: ${says}`]);
  });

  it.each<{ name: string; caller: Person; card: string | null; isStale: boolean }>([
    { name: 'in its own thread', caller: { ...CLICK, thread: '1' }, card: '1', isStale: false },
    { name: 'in another thread', caller: { ...CLICK, thread: '2' }, card: '1', isStale: true },
    { name: 'before it is posted', caller: { ...CLICK, thread: '2' }, card: null, isStale: false },
    {
      name: 'in a private card that is a minute older',
      caller: { ...CLICK, shownAt: seconds(-60) },
      card: '1',
      isStale: false,
    },
    {
      name: 'in a private card that is in another thread',
      caller: { ...CLICK, thread: '2', shownAt: seconds(0) },
      card: '1',
      isStale: false,
    },
    {
      name: 'in a private card that is older still',
      caller: { ...CLICK, shownAt: seconds(-60.001) },
      card: null,
      isStale: true,
    },
  ])('a click $name: out of date is $isStale', async ({ caller, card, isStale }) => {
    await add();
    const cardOf = async () => (card === null ? null : { channel: 'C1', ts: card });
    const { says, state } = await answerTo({ caller, parts: { cardOf } });
    if (!isStale) return expect(says).toContain('is approved');
    expect(says).toBe('This card is out of date; FR-1 has a newer one.');
    expect([state, await audited()]).toEqual(['pending', [`U0BOB refused: ${says}`]]);
  });

  it('a card of another request does not approve one that is not posted yet', async () => {
    await add();
    await bed.state.flushes.move('FR-1', 'pending', 'expired', { outcome: null, at: NOON }, []);
    await add({ id: 'FR-2' });
    const cardOf = async (id: string) => (id === 'FR-1' ? { channel: 'C1', ts: '1' } : null);
    const asked = { line: 'FR-2', parts: { cardOf } };
    const { says } = await answerTo({ ...asked, caller: { ...CLICK, thread: '1' } });
    expect(says).toBe('This card is out of date; FR-2 has a newer one.');
    expect((await bed.state.flushes.find('FR-2'))?.state).toBe('pending');
    const own = await answerTo({ ...asked, caller: { ...CLICK, thread: '2' } });
    expect(own.says).toContain('FR-2 is approved');
  });

  it('without the state nothing is decided, which is not the fault of the line', async () => {
    const { flushes } = bed.state;
    const away = () => Promise.reject(createUnreadable('STATE_URL: away.'));
    const says = 'Nothing was decided: STATE_URL: away.';
    const parts = { flushes: { ...flushes, find: away } };
    expect(await answerTo({ parts })).toMatchObject({ says, exit: 3 });
    const broken = { ...flushes, find: () => Promise.reject(new Error('a bug')) };
    await expect(answerTo({ parts: { flushes: broken } })).rejects.toThrow('a bug');
  });

  it('if the answer to the decision is lost, what is stored counts; otherwise it is not known', async () => {
    await add();
    const { flushes } = bed.state;
    const lost: FlushParts['flushes']['decide'] = async (...given) => {
      await flushes.decide(...given);
      throw createUnreadable('STATE_URL: away.');
    };
    const stored = await answerTo({ parts: { flushes: { ...flushes, decide: lost } } });
    expect(stored.says).toContain('FR-1 is approved');
  });

  it('if a decision may still be stored, that is said', async () => {
    await add();
    const { flushes } = bed.state;
    const late = () => Promise.reject(createUnreadable('STATE_URL: away.'));
    const parts = { flushes: { ...flushes, decide: late } };
    const says =
      'It is not known whether FR-1 is approved: STATE_URL: away. Its card shows what is stored.';
    expect(await answerTo({ parts })).toMatchObject({ says, exit: 3 });
  });

  it('of two that decide at once, the slower one is told who was first', async () => {
    await add();
    const { flushes } = bed.state;
    const late: FlushParts['flushes']['decide'] = async (...given) => {
      const first = { by: 'U0EVE', at: NOON, reason: null, approvers: ['U0EVE'] };
      await flushes.decide('FR-1', 'rejected', first, []);
      return await flushes.decide(...given);
    };
    const answer = await answerTo({ parts: { flushes: { ...flushes, decide: late } } });
    expect(answer).toMatchObject({ exit: 2, state: 'rejected' });
    expect(answer.says).toMatch(/^FR-1 was already decided by U0EVE at .*: rejected\.$/);
    expect(begun).toEqual([]);
  });
});

describe('reject', () => {
  it('a typed line rejects, and the thread has the reason', async () => {
    await add();
    const asked = { act: rejectCommand.run, line: 'fr-1 not now', caller: TYPED };
    const state = 'rejected';
    expect(await answerTo(asked)).toEqual({ says: 'FR-1 is rejected.', exit: 0, state });
    expect(await bed.outcome()).toMatchObject({ outcome: 'Rejected: not now.', flushes: 0 });
    expect(await bed.said()).toContain('FR-1 is rejected by U0BOB: not now.');
  });

  it('a terminal cannot reject, because nobody knows who types', async () => {
    await add();
    expect(await answerTo({ act: rejectCommand.run, caller: { kind: 'terminal' } })).toEqual({
      says: 'reject: only a person in Slack can reject.',
      exit: 2,
      state: 'pending',
    });
  });

  it('a request of the future can be rejected', async () => {
    await add({ requestedAt: seconds(3600) });
    expect(await answerTo({ act: rejectCommand.run })).toMatchObject({ state: 'rejected' });
  });
});
