import { describe, expect, it } from 'vitest';
import type { State } from '../../../src/adapters/store/store.ts';
import type { Decision, FlushRequest } from '../../../src/flush/request.ts';
import { pendingFlush } from '../../scenarios/flush-requests.ts';
import type { Bed } from './contract.ts';
import { HOSTILE, LONE_SURROGATE, LONG, NOON, post, seconds } from './samples.ts';

/** How flush requests are stored: one open request per server, one decision, one start. */

function request(given: Partial<FlushRequest> = {}): FlushRequest {
  return pendingFlush(NOON, {
    reason: HOSTILE,
    requester: 'U0ADA',
    shown: {
      identity: LONE_SURROGATE,
      statement: 'TRUNCATE TABLE performance_schema.host_cache',
      entries: null,
      blockedHosts: [{ address: '192.0.2.7', connectErrors: 100, looksLikeAttack: true }],
      forecast: {
        clients: null,
        why: HOSTILE,
        effects: [{ effect: 'breaks', clients: [HOSTILE], total: 1 }],
      },
    },
    ...given,
  });
}

function decision(given: Partial<Decision> = {}): Decision {
  return { by: 'U0BOB', at: seconds(1), reason: null, approvers: ['U0BOB', 'U0EVE'], ...given };
}

export function flushContract(bed: Bed): void {
  const store = () => bed.state.flushes;
  const card = (id: string) => [post(id, 'root', { subject: id })];
  const subjects = async ({ outbox }: State) =>
    (await outbox.take('me', NOON, seconds(9))).map(({ subject }) => subject);

  describe('flush requests', () => {
    it('are numbered, and come back as they were added', async () => {
      expect(await store().nextFlushId()).toBe('FR-1');
      expect(await store().nextFlushId()).toBe('FR-2');
      const inThread = request({ id: 'FR-2', server: 'other', thread: 'AL-7' });
      expect(await store().add(request(), card('FR-1'))).toBe(true);
      expect(await store().add(inThread, [])).toBe(true);
      expect(await store().find('FR-1')).toEqual(request());
      expect(await store().find('FR-2')).toEqual(inThread);
      expect(await store().find('FR-3')).toBeNull();
      expect(await subjects(bed.state)).toEqual(['FR-1']);
    });

    it('are open one at a time on a server; a refused one leaves no card', async () => {
      await store().add(request(), []);
      expect(await store().add(request({ id: 'FR-2' }), card('FR-2'))).toBe(false);
      expect(await subjects(bed.state)).toEqual([]);
      expect(await store().openOn('main')).toEqual(request());
      expect(await store().openOn('other')).toBeNull();
      const change = { outcome: 'Nobody approved it.', at: seconds(600) };
      expect(await store().move('FR-1', 'pending', 'expired', change, card('FR-1'))).toBe(true);
      expect(await store().move('FR-1', 'pending', 'expired', change, card('FR-2'))).toBe(false);
      expect(await subjects(bed.state)).toEqual(['FR-1']);
      expect(await store().openOn('main')).toBeNull();
      expect(await store().add(request({ id: 'FR-2' }), [])).toBe(true);
    });

    it('are listed newest first, open or not, for one server or all', async () => {
      await store().add(request(), []);
      await store().decide('FR-1', 'rejected', decision(), []);
      await store().add(request({ id: 'FR-2', requestedAt: seconds(2) }), []);
      await store().add(request({ id: 'FR-3', requestedAt: seconds(1), server: 'other' }), []);
      const idsOf = (found: readonly FlushRequest[]) => found.map(({ id }) => id);
      expect(idsOf(await store().history(null, 9))).toEqual(['FR-2', 'FR-3', 'FR-1']);
      expect(idsOf(await store().history(null, 2))).toEqual(['FR-2', 'FR-3']);
      expect(idsOf(await store().history('main', 9))).toEqual(['FR-2', 'FR-1']);
      expect(idsOf(await store().open()).toSorted()).toEqual(['FR-2', 'FR-3']);
    });

    it.each([
      { name: 'the requester', given: { by: 'U0ADA' } },
      { name: 'somebody who is too late', given: { at: seconds(600) } },
    ])('are not decided by $name', async ({ given }) => {
      await store().add(request(), []);
      const decided = store().decide('FR-1', 'approved', decision(given), card('FR-1'));
      expect(await decided).toBe(false);
      expect(await store().find('FR-1')).toEqual(request());
      expect(await subjects(bed.state)).toEqual([]);
    });

    it('can be decided until the last moment; the decision lists who could', async () => {
      await store().add(request(), []);
      const last = decision({ at: seconds(599.999), reason: HOSTILE });
      expect(await store().decide('FR-1', 'approved', last, [])).toBe(true);
      const approved = { state: 'approved', decision: last, changedAt: last.at } as const;
      expect(await store().find('FR-1')).toEqual(request(approved));
      expect(await store().openOn('main')).toEqual(request(approved));
    });

    it('can be approved for their whole time from when the card is sent', async () => {
      const asked = request({ cardAt: null });
      await store().add(asked, card('FR-1'));
      await bed.state.outbox.take('me', NOON, seconds(9));
      await bed.state.outbox.sent('FR-1', '1.5', seconds(540));
      const stands = { ...asked, cardAt: seconds(540), expiresAt: seconds(1140) };
      expect(await store().find('FR-1')).toEqual(stands);
      // An edit, also one that replaces a deleted card, gives no more time.
      await store().tell([post('e1', 'edit', { subject: 'FR-1' })]);
      await bed.state.outbox.sent('e1', '2.5', seconds(600));
      expect(await store().find('FR-1')).toEqual(stands);
      const late = decision({ at: seconds(1140) });
      expect(await store().decide('FR-1', 'approved', late, [])).toBe(false);
      const inTime = decision({ at: seconds(1139.999) });
      expect(await store().decide('FR-1', 'approved', inTime, [])).toBe(true);
    });

    it('do not expire before the card is sent', async () => {
      await store().add(request({ cardAt: null }), []);
      const late = decision({ at: seconds(86_000) });
      expect(await store().decide('FR-1', 'rejected', late, [])).toBe(true);
    });

    it('keep a snapshot and an audit, and post nothing twice', async () => {
      const times = { oldestAt: null, readAt: NOON };
      const saved = { csv: LONG, oldestAt: seconds(-60), readAt: NOON };
      await store().saveSnapshot('FR-1', { csv: 'an earlier one', ...times });
      await store().saveSnapshot('FR-1', saved);
      expect(await store().snapshot('FR-1')).toEqual(saved);
      expect(await store().snapshot('FR-2')).toBeNull();
      const first = { request: 'FR-1', at: NOON, by: 'U0ADA', what: HOSTILE };
      const second = { request: 'FR-1', at: seconds(-1), by: null, what: 'expired' };
      await store().audit(first);
      await store().audit(second);
      expect(await store().auditOf('FR-1')).toEqual([first, second]);
      expect(await store().auditOf('FR-2')).toEqual([]);
      await store().tell(card('FR-1'));
      await store().tell([...card('FR-1'), post('p2', 'root', { channel: 'C2' })]);
      expect((await subjects(bed.state)).toSorted()).toEqual(['AL-1', 'FR-1']);
    });

    it('keep the refusals of everybody, a few each; all are counted', async () => {
      const refuse = (by: string, at: number, { flushes } = bed.state) =>
        flushes.refused({ request: 'FR-1', at: seconds(at), by, what: `refused: ${HOSTILE}` });
      expect(await store().refusalsOf(['FR-1', 'FR-2'])).toEqual(new Map());
      expect(await store().refusalsOf([])).toEqual(new Map());
      await store().add(request(), []);
      // What an earlier version kept was not counted.
      await store().audit({ request: 'FR-1', at: NOON, by: 'U0OLD', what: 'refused: no' });
      expect((await store().refusalsOf(['FR-1'])).get('FR-1')).toMatchObject({ total: 1 });
      const states = [bed.state, await bed.open()];
      const clicks = Array.from({ length: 20 }, (_, at) => refuse('U0EVE', at, states[at % 2]));
      await Promise.all(clicks);
      await refuse('U0BOB', 99);
      await store().refused({ request: 'FR-2', at: NOON, by: null, what: 'refused: x' });
      const found = await store().refusalsOf(['FR-1', 'FR-2', 'FR-3']);
      const bys = found.get('FR-1')?.entries.map(({ by }) => by);
      expect(bys).toEqual(['U0OLD', ...Array(5).fill('U0EVE'), 'U0BOB']);
      expect(found.get('FR-1')?.total).toBe(21);
      expect(found.get('FR-2')).toEqual({
        entries: [{ request: 'FR-2', at: NOON, by: null, what: 'refused: x' }],
        total: 1,
      });
      expect([...found.keys()]).toEqual(['FR-1', 'FR-2']);
    });

    it('are superseded once, by a new request for the same flush', async () => {
      await store().add(request(), []);
      const change = { outcome: 'Another server answers there.', at: seconds(3) };
      const replacement = request({ id: 'FR-2', requestedAt: seconds(3) });
      const supersede = () => store().supersede('FR-1', change, replacement, card('FR-2'));
      expect(await supersede()).toBe(false);
      await store().decide('FR-1', 'approved', decision(), []);
      expect((await Promise.all([supersede(), supersede()])).toSorted()).toEqual([false, true]);
      expect(await store().openOn('main')).toEqual(replacement);
      expect(await store().find('FR-1')).toMatchObject({
        state: 'superseded',
        outcome: change.outcome,
      });
      expect(await subjects(bed.state)).toEqual(['FR-2']);
      const bys = (await store().auditOf('FR-1')).map(({ by }) => by);
      expect(bys).toEqual(['U0ADA', 'U0BOB', null]);
      expect(await store().auditOf('FR-2')).toMatchObject([{ by: 'U0ADA', at: seconds(3) }]);
    });

    it('change completely or not at all: state, audit, new request and posts', async () => {
      await store().add(request(), card('FR-1'));
      const replacement = request({ id: 'FR-2', requestedAt: seconds(3) });
      const change = { outcome: 'Another server answers there.', at: seconds(3) };
      // Each change fails in its last step, because the card's id exists already.
      const twice = [post('new', 'root', { subject: 'FR-2' }), ...card('FR-1')];
      await expect(store().decide('FR-1', 'approved', decision(), twice)).rejects.toThrow();
      expect(await store().find('FR-1')).toEqual(request());
      expect(await store().auditOf('FR-1')).toHaveLength(1);

      await store().decide('FR-1', 'approved', decision(), []);
      const before = [await store().find('FR-1'), await store().auditOf('FR-1')];
      await expect(store().supersede('FR-1', change, replacement, twice)).rejects.toThrow();
      const move = store().move('FR-1', 'approved', 'failed', change, twice);
      await expect(move).rejects.toThrow();
      expect([await store().find('FR-1'), await store().auditOf('FR-1')]).toEqual(before);
      expect(await store().openOn('main')).toMatchObject({ id: 'FR-1', state: 'approved' });
      expect(await store().find('FR-2')).toBeNull();
      expect(await store().auditOf('FR-2')).toEqual([]);
      expect(await subjects(bed.state)).toEqual(['FR-1']);
      // Without the duplicate id it succeeds.
      expect(await store().supersede('FR-1', change, replacement, card('FR-2'))).toBe(true);
    });

    it('keep the list of people who could decide at that time', async () => {
      await store().add(request(), []);
      await store().decide('FR-1', 'rejected', decision({ reason: HOSTILE }), []);
      const what = `rejected: ${HOSTILE} (could decide: U0BOB, U0EVE)`;
      expect(await store().auditOf('FR-1')).toMatchObject([
        { by: 'U0ADA', what: `asked: ${HOSTILE}` },
        { by: 'U0BOB', at: seconds(1), what },
      ]);
    });

    it('of 60 concurrent decisions in two processes, one counts; the flush begins once', async () => {
      await store().add(request(), []);
      const states = [bed.state, await bed.open()];
      const clicks = Array.from({ length: 60 }, (_, at) => {
        const to = at % 3 === 0 ? 'rejected' : 'approved';
        const by = `U${at % 5}`;
        const { flushes } = states[at % 2] ?? bed.state;
        return flushes.decide('FR-1', to, decision({ by }), [post(`d${at}`, 'reply')]);
      });
      const decided = await Promise.all(clicks);
      expect(decided.filter(Boolean)).toHaveLength(1);
      const taken = await bed.state.outbox.take('me', NOON, seconds(9));
      expect(taken.map(({ id }) => id)).toEqual([`d${decided.indexOf(true)}`]);

      await store().add(request({ id: 'FR-2', server: 'other' }), []);
      expect(await store().begin('FR-2', 'me', seconds(2))).toBe(false);
      await store().decide('FR-2', 'approved', decision(), []);
      expect(await store().begunAt('FR-2')).toBeNull();
      const begun = await Promise.all(
        states.flatMap(({ flushes }, at) => [
          flushes.begin('FR-2', `holder ${at}`, seconds(2)),
          flushes.begin('FR-2', `holder ${at}`, seconds(2)),
        ]),
      );
      expect(begun.filter(Boolean)).toHaveLength(1);
      expect(await store().begunAt('FR-2')).toEqual(seconds(2));
    });
  });
}
