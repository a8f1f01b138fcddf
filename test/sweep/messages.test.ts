import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/diagnosis/evidence.ts';
import type { PostContent } from '../../src/outbox/store.ts';
import type { Alert } from '../../src/sweep/alert.ts';
import type { ServerLook } from '../../src/sweep/look.ts';
import { type PostContext, postsOf } from '../../src/sweep/messages.ts';
import type { Change } from '../../src/sweep/reconcile.ts';
import { MYSQL } from '../scenarios/servers.ts';
import { alert, host, NOON } from './alert-change.ts';

/** What is said of a change: in the channel, in its message, in its thread. */

const HOST = host(1);
const ALERT = alert();
const OVER: Alert = { ...ALERT, state: 'resolved', hosts: [], resolvedAt: NOON };
const CLEARED = [{ host: HOST, proof: 'a login reset its connect errors to 0' }];

const LOOK: ServerLook = {
  server: 'main',
  settings: unknown('away'),
  cache: unknown('away'),
  activity: unknown('away'),
  namedAccounts: unknown('away'),
  names: new Map(),
  readAt: NOON,
};

function saidOf(
  change: Pick<Change, 'kind'> & Partial<Change>,
  alert = ALERT,
  given: Partial<PostContext> = {},
) {
  const whole = {
    before: ALERT,
    after: alert,
    added: [],
    cleared: [],
    ...change,
  };
  const context = {
    look: LOOK,
    channel: 'C0OPS',
    observations: [],
    isSilenced: () => false,
    queuedAt: NOON,
    ...given,
  };
  return postsOf(alert, whole, context).map(({ content }) => content);
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
    { name: 'other words', change: { kind: 'reworded' }, says: ['edit'] },
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
    const nulls: Alert = { ...ALERT, rule: 'null-host' };
    const [root] = saidOf({ kind: 'raised', added: [HOST] }, nulls, {
      look: { ...LOOK, namedAccounts: count },
    });
    expect(wordsOf(root)).toMatch(says);
  });

  it('the statement that flushes this server, if a flush helps', () => {
    const look = { ...LOOK, settings: known(MYSQL) };
    const [root] = saidOf({ kind: 'raised', added: [HOST] }, ALERT, { look });
    expect(wordsOf(root)).toMatch(/To flush this server: \nTRUNCATE TABLE performance_schema/);
    const near: Alert = { ...ALERT, rule: 'near-block' };
    expect(wordsOf(saidOf({ kind: 'raised' }, near, { look })[0])).not.toContain('To flush');
  });

  it('how many hosts of the rule a silence hides', () => {
    const hosts = [HOST, { ...HOST, address: '192.0.2.2' }, { ...HOST, address: '192.0.2.3' }];
    const observations = [
      { rule: 'blocked-host', hosts, fact: null },
      { rule: 'null-host', hosts, fact: null },
    ] as const;
    const isSilenced = (_: string, address: string | null) => address !== HOST.address;
    const [root] = saidOf({ kind: 'raised', added: [HOST] }, ALERT, { observations, isSilenced });
    expect(wordsOf(root)).toContain('Also silenced: 2.');
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
