import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/diagnosis/evidence.ts';
import type { PostContent } from '../../src/outbox/store.ts';
import type { Alert } from '../../src/sweep/alert.ts';
import { cardFactsOf, EMPTY_CARD } from '../../src/sweep/card.ts';
import type { ServerLook } from '../../src/sweep/look.ts';
import { editPost, postsOf } from '../../src/sweep/messages.ts';
import type { Change } from '../../src/sweep/reconcile.ts';
import { silence } from '../adapters/store/samples.ts';
import { MYSQL } from '../scenarios/servers.ts';
import { alert, host, NOON } from './alert-change.ts';

/** What is said of a change: in the channel, in its message, in its thread. */

const HOST = host(1);
const ALERT = alert();
const OVER: Alert = { ...ALERT, state: 'resolved', hosts: [], resolvedAt: NOON };
const SILENCED: Alert = {
  ...ALERT,
  card: { ...EMPTY_CARD, silence: silence({ reason: 'the scanner is ours' }) },
};
const CLEARED = [{ host: HOST, proof: 'a login reset its connect errors to 0' }];

const LOOK: ServerLook = {
  server: 'main',
  settings: unknown('away'),
  cache: unknown('away'),
  activity: unknown('away'),
  namedAccounts: unknown('away'),
  names: new Map(),
  logins: unknown('away'),
  readAt: NOON,
};

const QUEUED = { channel: 'C0OPS', queuedAt: NOON };

function saidOf(change: Pick<Change, 'kind'> & Partial<Change>, alert = ALERT) {
  const whole = {
    before: ALERT,
    after: alert,
    added: [],
    cleared: [],
    ...change,
  };
  return postsOf(alert, whole, QUEUED).map(({ content }) => content);
}

/** The alert after that look. */
function seenIn(look: Partial<ServerLook>, change: Partial<Alert> = {}): Alert {
  const alert = { ...ALERT, ...change };
  const facts = cardFactsOf({ ...LOOK, ...look })(alert);
  return { ...alert, card: { ...EMPTY_CARD, ...facts } };
}

describe('what is said of a change', () => {
  it.each([
    { name: 'a new alert', change: { kind: 'raised', added: [HOST] }, says: ['root'] },
    { name: 'a host more', change: { kind: 'changed', added: [HOST] }, says: ['edit', 'reply'] },
    { name: 'a host less', change: { kind: 'changed', cleared: CLEARED }, says: ['edit', 'reply'] },
    { name: 'a host that was silenced since', change: { kind: 'changed' }, says: ['edit'] },
    {
      name: 'a fact of the whole server',
      change: { kind: 'changed', after: { ...ALERT, fact: 'DNS fails for 5 hosts' } },
      says: ['edit', 'reply'],
    },
    {
      name: 'a fact that no longer holds',
      change: { kind: 'changed', before: { ...ALERT, fact: 'DNS fails for 5 hosts' } },
      says: ['edit'],
    },
    {
      name: 'a fact that goes on, with hosts that are named later',
      change: {
        kind: 'changed',
        before: { ...ALERT, fact: 'DNS fails for 5 hosts' },
        after: { ...ALERT, fact: 'DNS fails for 6 hosts' },
      },
      says: ['edit'],
    },
    { name: 'other words', change: { kind: 'reworded' }, says: ['edit'] },
    {
      name: 'a host less of a silenced alert',
      change: { kind: 'changed', cleared: CLEARED, after: SILENCED },
      says: ['edit'],
    },
    {
      name: 'the end of a silenced alert',
      change: { kind: 'resolved', cleared: CLEARED, after: SILENCED },
      says: ['edit'],
    },
    { name: 'a fault that may pass', change: { kind: 'pending', added: [HOST] }, says: [] },
    { name: 'a fault that passed', change: { kind: 'forgotten', cleared: CLEARED }, says: [] },
  ] as const)('$name', ({ change, says }) => {
    expect(saidOf(change).map(({ kind }) => kind)).toEqual(says);
  });

  it.each([
    {
      name: 'some account needs a name',
      count: known(1),
      says: /Some accounts here have a pattern/,
    },
    {
      name: 'none does',
      count: known(0),
      says: /No account here needs a name, so no client is kept out/,
    },
    {
      name: 'nobody knows',
      count: unknown('no SELECT on mysql.user.'),
      says: /It is not known whether an account here needs a name: no SELECT on mysql\.user\.\n+Run why/,
    },
  ])('NULL hosts where $name', ({ count, says }) => {
    const nulls = seenIn({ namedAccounts: count }, { rule: 'null-host' });
    const [root] = saidOf({ kind: 'raised', added: [HOST] }, nulls);
    expect(wordsOf(root)).toMatch(says);
  });

  it('the statement that flushes this server, if a flush helps', () => {
    const look = { settings: known(MYSQL) };
    const [root] = saidOf({ kind: 'raised', added: [HOST] }, seenIn(look));
    expect(wordsOf(root)).toMatch(/To flush this server: \nTRUNCATE TABLE performance_schema/);
    const near = seenIn(look, { rule: 'near-block' });
    expect(wordsOf(saidOf({ kind: 'raised' }, near)[0])).not.toContain('To flush');
  });

  it('all of that in any later edit, such as an acknowledgement', () => {
    const seen = { note: 'Some accounts need it.', flush: 'FLUSH LOCAL HOSTS', silenced: 2 };
    const card = { ...EMPTY_CARD, ...seen };
    const edit = wordsOf(editPost({ ...ALERT, card }, QUEUED).content);
    for (const line of [seen.note, seen.flush, 'Also silenced: 2.']) expect(edit).toContain(line);
  });

  it('by whom it is silenced, until when and why, with a button that ends the silence', () => {
    const { content } = editPost(SILENCED, QUEUED);
    expect(wordsOf(content).replaceAll('\n', '')).toContain(
      'AL-1 · since  · firing · silenced by  until  (SI-1): the scanner is ours',
    );
    expect(content).toMatchObject({
      message: { headline: expect.stringMatching(/^Silenced: 1 blocked host on main/) },
    });
    expect(JSON.stringify(content)).toContain('"line":"unsilence SI-1"');
    expect(JSON.stringify(content)).not.toContain('"line":"silence ');
  });

  it.each([
    { name: 'firing', now: ALERT, sign: 'firing', says: 'Firing: 1 blocked host on main' },
    {
      name: 'acknowledged',
      now: { ...ALERT, state: 'acknowledged', acknowledged: { by: 'U0BOB', at: NOON } },
      sign: 'acknowledged',
      says: 'Acknowledged: 1 blocked host on main',
    },
    {
      name: 'silenced after it was acknowledged',
      now: { ...SILENCED, state: 'acknowledged', acknowledged: { by: 'U0BOB', at: NOON } },
      sign: 'silenced',
      says: 'Silenced: 1 blocked host on main',
    },
    { name: 'resolved', now: OVER, sign: 'done', says: 'Resolved: blocked hosts on main' },
  ] as const)('its state, first in the notification and in the heading: $name', (given) => {
    const { now, sign, says } = given;
    const { content } = editPost(now, QUEUED);
    const heading = { kind: 'heading', text: says, sign };
    const blocks = expect.arrayContaining([heading]);
    const headline = expect.stringMatching(new RegExp(`^${says}\\.`));
    expect(content).toMatchObject({ message: { headline, blocks } });
  });

  it('what is back, because the channel shows that reply without its root', () => {
    const [, reply] = saidOf({ kind: 'returned', added: [HOST] });
    expect(reply).toMatchObject({
      isBroadcast: true,
      message: {
        headline: expect.stringMatching(/^Firing: 1 blocked host on main\. It is back\./),
      },
    });
  });

  it.each([
    { count: 1, says: 'How it ended: host 1.' },
    { count: 3, says: 'How it ended: host 1, host 2, host 3.' },
    { count: 20, says: 'How it ended for the last 3 hosts: host 18, host 19, host 20.' },
  ])('how $count hosts ended, the last ones', ({ count, says }) => {
    const proofs = Array.from({ length: count }, (_, at) => `host ${at + 1}`);
    const [edit] = saidOf({ kind: 'resolved' }, { ...OVER, proofs });
    expect(wordsOf(edit)).toContain(says);
  });

  it('the end, without counting hosts that are no longer there', () => {
    const [edit] = saidOf({ kind: 'resolved', cleared: CLEARED }, OVER);
    expect(edit).toMatchObject({ message: { headline: 'Resolved: blocked hosts on main.' } });
  });
});

/** Each text of a message. */
function wordsOf(content: PostContent | undefined): string {
  if (content === undefined || !('message' in content)) return '';
  return content.message.blocks
    .flatMap((block) => ('spans' in block ? block.spans : []))
    .map((span) => ('text' in span ? span.text : ''))
    .join('\n');
}
