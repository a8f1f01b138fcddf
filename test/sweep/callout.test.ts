import { describe, expect, it } from 'vitest';
import { slackMessage } from '../../src/adapters/slack/blocks.ts';
import type { Message } from '../../src/chat/message.ts';
import { judge } from '../../src/config/setting.ts';
import type { PostContent } from '../../src/outbox/store.ts';
import type { Alert } from '../../src/sweep/alert.ts';
import { EMPTY_CARD } from '../../src/sweep/card.ts';
import { editPost, postsOf } from '../../src/sweep/messages.ts';
import type { Change } from '../../src/sweep/reconcile.ts';
import { ALERT_RULE_IDS } from '../../src/sweep/rules/index.ts';
import { silence } from '../adapters/store/samples.ts';
import { alert, host, NOON } from './alert-change.ts';

/** Which messages call people, and where the runbook is. */

const CALLOUT = { mention: ['U0BOB', 'S0ONCALL', 'U0BOB'], runbookUrl: null };
const QUEUED = { channel: 'C0OPS', queuedAt: NOON, callout: CALLOUT };
const SILENCED = alert({ card: { ...EMPTY_CARD, silence: silence({}) } });

function saidOf(kind: Change['kind'], after: Alert = alert()): readonly PostContent[] {
  const change = { kind, before: alert(), after, added: [host(1)], cleared: [] };
  return postsOf(after, change, QUEUED).map(({ content }) => content);
}

const messageOf = (content: PostContent | undefined): Message =>
  content !== undefined && 'message' in content ? content.message : { headline: '', blocks: [] };

function calledBy(content: PostContent | undefined): readonly string[] {
  return messageOf(content).blocks.flatMap((block) => (block.kind === 'call' ? block.ids : []));
}

const BOTH = ['U0BOB', 'S0ONCALL'];

describe('people are called', () => {
  it.each([
    { name: 'by a new alert', kind: 'raised', says: [{ root: BOTH }] },
    { name: 'by one that is back', kind: 'returned', says: [{ edit: BOTH }, { reply: BOTH }] },
    { name: 'not by a host more', kind: 'changed', says: [{ edit: BOTH }, { reply: [] }] },
    { name: 'not by its end', kind: 'resolved', says: [{ edit: BOTH }, { reply: [] }] },
    { name: 'not while it waits', kind: 'pending', says: [] },
  ] as const)('$name; an edit keeps the line and notifies nobody', ({ kind, says }) => {
    expect(saidOf(kind).map((content) => ({ [content.kind]: calledBy(content) }))).toEqual(says);
  });

  it('not by an alert that is silenced', () => {
    expect(saidOf('returned', SILENCED).map(calledBy)).toEqual([[]]);
    expect(calledBy(editPost(SILENCED, QUEUED).content)).toEqual([]);
  });

  it('above everything long, and in one line too', () => {
    const [root] = saidOf('raised');
    const message = messageOf(root);
    expect(message.blocks.map(({ kind }) => kind).slice(0, 3)).toEqual(['heading', 'note', 'call']);
    const { text } = slackMessage(message, 'one line');
    expect(text).toContain(' For: <@U0BOB> <!subteam^S0ONCALL>. Type ');
  });
});

describe('the runbook', () => {
  function urlOf(runbookUrl: string, change: Partial<Alert> = {}): string | undefined {
    const queued = { ...QUEUED, callout: { mention: [], runbookUrl } };
    const { blocks } = messageOf(editPost(alert(change), queued).content);
    const links = blocks.flatMap((block) => (block.kind === 'buttons' ? block.links : []));
    return links[0]?.url;
  }

  it.each([
    { template: 'https://wiki.example/dba', url: 'https://wiki.example/dba' },
    {
      template: 'https://wiki.example/{server}?rule={rule}&again={rule}',
      url: 'https://wiki.example/main?rule=blocked-host&again=blocked-host',
    },
    { template: 'https://wiki.example/\u00fcber', url: 'https://wiki.example/%C3%BCber' },
  ])('$template', ({ template, url }) => {
    expect(urlOf(template)).toBe(url);
  });

  it('has names that cannot add to the URL', () => {
    const server = 'a/../b?c=$&d' as Alert['server'];
    expect(urlOf('https://wiki.example/{server}', { server })).toBe(
      'https://wiki.example/a%2F..%2Fb%3Fc%3D%24%26d',
    );
  });

  it('is on an acknowledged and on a silenced alert, and not on one that is over', () => {
    const url = 'https://wiki.example/';
    expect(urlOf(url, { state: 'acknowledged' })).toBe(url);
    expect(urlOf(url, SILENCED)).toBe(url);
    expect(urlOf(url, { state: 'resolved', resolvedAt: NOON })).toBeUndefined();
  });

  it('fits into a button with every rule, if the setting is accepted', () => {
    const longest = Math.max(...ALERT_RULE_IDS.map((rule) => rule.length));
    expect(longest).toBeLessThanOrEqual(32);
    const template = `https://wiki.example/{rule}/${'x'.repeat(2946)}`;
    expect(judge('RUNBOOK_URL', template, () => null).isGood).toBe(true);
    expect(judge('RUNBOOK_URL', `${template}x`, () => null).isGood).toBe(false);
  });
});
