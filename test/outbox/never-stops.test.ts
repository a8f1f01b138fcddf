import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Delivery } from '../../src/outbox/chat.ts';
import type { ChatFault } from '../fakes/chat.ts';
import { createStage, pass } from './outbox-stage.ts';
import { edit, file, post, reply, root } from './posts.ts';

/** No message can stop a channel: simpler forms, steps aside, urgent posts. */

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const lost: ChatFault = { kind: 'ambiguous', isTaken: false };
const uninvited: ChatFault = { kind: 'refused', cause: 'outside' };
const DAY_MS = 86_400_000;

/** A platform that answers the given messages with a fault, unless their form is simple enough. */
function faultsOf(
  stage: ReturnType<typeof createStage>,
  hits: (headline: string, form: string | undefined) => boolean,
  fault: Delivery,
): () => readonly string[] {
  const forms: string[] = [];
  const { chat } = stage;
  const [post, change] = [chat.post, chat.edit];
  Object.assign(chat, {
    post: async (message: Parameters<typeof post>[0]) => {
      forms.push(`${message.message.headline}: ${message.form}`);
      if (hits(message.message.headline, message.form)) return fault;
      const delivery = await post(message);
      return delivery.kind === 'sent' && message.form !== undefined
        ? { ...delivery, form: message.form }
        : delivery;
    },
    edit: async (message: Parameters<typeof change>[0]) => {
      forms.push(`${message.message.headline}: ${message.form}`);
      return hits(message.message.headline, message.form) ? fault : await change(message);
    },
  });
  return () => forms;
}

const UNKNOWN: Delivery = { kind: 'retry', why: 'internal_error', mayBeSent: true, afterMs: null };

describe('a message whose result is never known', () => {
  it('gets a simpler form after three tries, and the next message follows at once', async () => {
    const stage = createStage();
    const { store, outbox, said, logged } = stage;
    const forms = faultsOf(stage, (_, form) => form === 'whole', UNKNOWN);
    store.save(post('1', root('table')), post('2', root('next'), { subject: 'AL-2' }));
    outbox.start();
    await pass(10_000);
    expect(forms().slice(0, 4)).toEqual([
      ...Array(3).fill('table: whole'),
      'table: without tables',
    ]);
    expect(said()[0]).toBe('1');
    await pass(10_000);
    expect(said()).toEqual(['1', '2']);
    expect(outbox.counts().simplified).toBe(2);
    expect(logged.map(({ message }) => message)).toContain('a post is sent in a simpler form');
    await outbox.stop();
  });

  it('steps aside after its plain line; the channel goes on, and it is tried again', async () => {
    const stage = createStage();
    const { store, outbox, said, chat } = stage;
    const forms = faultsOf(stage, (headline) => headline.startsWith('cursed'), UNKNOWN);
    store.save(post('1', root('cursed')), post('2', root('next'), { subject: 'AL-2' }));
    outbox.start();
    await pass(30_000);
    expect(said()).toEqual(['2']);
    expect(
      forms()
        .filter((each) => each.startsWith('cursed'))
        .slice(0, 5),
    ).toEqual([...Array(3).fill('cursed: whole'), 'cursed: without tables', 'cursed: one line']);
    const before = chat.calls.length;
    await pass(300_000);
    expect(chat.calls.length).toBeGreaterThan(before + 3);
    expect(store.isEmpty()).toBe(false);
    await outbox.stop();
  });

  it('may be an edit, which needs no search', async () => {
    const stage = createStage();
    const { store, outbox, chat } = stage;
    faultsOf(stage, (headline, form) => headline === 'new' && form === 'whole', UNKNOWN);
    store.save(post('1', root('old')), post('2', edit('new')));
    outbox.start();
    await pass(30_000);
    expect(chat.said).toMatchObject([{ message: { headline: 'new' } }]);
    expect(chat.calls.filter((call) => call.startsWith('find'))).toEqual([]);
    await outbox.stop();
  });

  it('may be a file, for which a line stands in the end', async () => {
    const { store, outbox, chat } = createStage();
    store.save(post('1', root('alert')));
    outbox.start();
    await pass(2000);
    // Each failure is one upload and one search; the searches find nothing.
    Object.assign(chat, { upload: async () => UNKNOWN });
    store.save(post('2', file('hosts.csv')));
    await pass(60_000);
    expect(chat.said.map(({ message }) => message?.headline)).toEqual([
      'alert',
      'The file hosts.csv could not be uploaded. Details are in the log.',
    ]);
    await outbox.stop();
  });
});

describe('a refusal that people can fix', () => {
  it('makes no other message wait', async () => {
    const stage = createStage();
    const { store, outbox, said } = stage;
    const refusal = { why: 'missing_scope', code: 'missing_scope', cause: 'outside' } as const;
    let isFixed = false;
    faultsOf(stage, (headline) => headline === 'file' && !isFixed, { kind: 'refused', ...refusal });
    store.save(
      post('1', root('file'), { subject: 'AL-1' }),
      ...['2', '3', '4'].map((id) => post(id, root(id), { subject: `AL-${id}` })),
    );
    outbox.start();
    await pass(8000);
    expect(said()).toEqual(['2', '3', '4']);
    expect((await store.stateOf('1'))?.why).toBe('missing_scope');
    isFixed = true;
    await pass(60_000);
    expect(said()).toEqual(['2', '3', '4', '1']);
    await outbox.stop();
  });

  it('lasts for ten minutes: everything is said afterwards, once', async () => {
    const { store, chat, outbox, said } = createStage();
    const posts = ['1', '2', '3'].map((id) => post(id, root(id), { subject: `AL-${id}` }));
    chat.fail('C1', ...Array<ChatFault>(30).fill(uninvited));
    store.save(...posts, post('4', reply('4'), { subject: 'AL-1' }));
    outbox.start();
    await pass(1_800_000);
    expect(said().toSorted()).toEqual(['1', '2', '3', '4']);
    expect(store.isEmpty()).toBe(true);
    await outbox.stop();
  });

  it('lasts for more than a day: the message is given up', async () => {
    const { store, chat, outbox } = createStage();
    chat.fail('C1', ...Array<ChatFault>(3000).fill(uninvited));
    store.save(post('1', root('1')));
    outbox.start();
    await pass(DAY_MS + 120_000);
    expect(await store.stateOf('1')).toEqual({ state: 'refused', why: 'not in the channel' });
    await outbox.stop();
  });
});

describe('an urgent message', () => {
  it('goes ahead of all that wait', async () => {
    const { store, outbox, said } = createStage();
    const ids = Array.from({ length: 50 }, (_, index) => `a${index}`);
    store.save(...ids.map((id) => post(id, root(id), { subject: id })));
    outbox.start();
    await pass(5500);
    store.save(post('card', root('card'), { subject: 'FR-1', isUrgent: true }));
    outbox.wake();
    const before = said().length;
    await pass(3000);
    expect(said().indexOf('card')).toBeGreaterThanOrEqual(before);
    expect(said().indexOf('card')).toBeLessThanOrEqual(before + 1);
    await outbox.stop();
  });

  it('is not slowed by 200 changes of alerts, none of which is a minute old when it is said', async () => {
    const { store, outbox, chat, said } = createStage();
    outbox.start();
    const alerts = Array.from({ length: 8 }, (_, index) => `AL-${index}`);
    store.save(...alerts.map((subject) => post(`${subject}/0`, root('0'), { subject })));
    let cardAt: number | null = null;
    for (let change = 1; change <= 200; change += 1) {
      const subject = alerts[change % alerts.length] ?? '';
      const queuedAt = new Date();
      store.save(
        post(`${subject}/${change}/edit`, edit(`${change}`), { subject, queuedAt }),
        post(`${subject}/${change}/reply`, reply(`r${change}.`), { subject, queuedAt }),
      );
      if (change === 100) {
        store.save(post('card', root('card'), { subject: 'FR-1', isUrgent: true, queuedAt }));
        cardAt = Date.now();
      }
      outbox.wake();
      await pass(900);
    }
    await pass(60_000);
    expect(store.isEmpty()).toBe(true);
    const card = chat.said[said().indexOf('card')];
    expect((card?.saidAt.getTime() ?? 0) - (cardAt ?? 0)).toBeLessThanOrEqual(3000);
    const texts = chat.said.map(({ message }) => message?.headline ?? '').join(' ');
    for (let change = 1; change <= 200; change += 1) expect(texts).toContain(`r${change}.`);
    expect(texts).not.toContain('delayed');
    for (const [index, subject] of alerts.entries()) {
      const last = index === 0 ? 200 : 192 + index;
      const { ts } = (await store.rootOf(subject)) ?? {};
      const shown = chat.said.find((each) => each.ts === ts)?.message?.headline;
      expect([subject, shown]).toEqual([subject, `${last}`]);
    }
    await outbox.stop();
  });
});

describe('a time that counts from the message', () => {
  it('is counted from when it is sent', async () => {
    const { store, outbox, chat } = createStage();
    chat.fail('C1', ...Array<ChatFault>(3).fill(lost));
    const deadline = { says: 'Until ', afterMs: 600_000 };
    const content = { ...root('card'), deadline } as ReturnType<typeof root>;
    store.save(post('1', content));
    outbox.start();
    await pass(30_000);
    const [said] = chat.said;
    const notes = said?.message?.blocks.filter(({ kind }) => kind === 'note');
    const until = new Date((said?.saidAt.getTime() ?? 0) + 600_000);
    expect(notes).toMatchObject([{ spans: [{ text: 'Until ' }, { at: until }] }]);
    await outbox.stop();
  });
});
