import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/slack/faults.ts';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { createChat } from '../../src/adapters/slack/chat.ts';
import { createOutbox } from '../../src/outbox/outbox.ts';
import type { Post, PostContent } from '../../src/outbox/store.ts';
import { createChance, SEED } from '../chance.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { createMemoryOutboxStore } from '../fakes/outbox-store.ts';
import { edit, file, post, reply, root } from '../outbox/posts.ts';
import { type Stage, startBot } from './bot.ts';

/** Slack refuses most posts and loses answers; every alert is still posted, and none twice. */

const CHANNELS = 8;
const CLIENT = '240.221.242.64';

let stage: Stage | null = null;

afterEach(async () => {
  await stage?.stop();
  stage = null;
});

/** Five posts for each channel: an alert, two replies, a file and an edit. */
function postsOf(peer: SlackPeer): readonly Post[] {
  return Array.from({ length: CHANNELS }, (_, index) => {
    const channel = peer.workspace.addChannel({ name: `db-${index}` }).id;
    const contents: readonly PostContent[] = [
      root('3 blocked hosts'),
      reply('one more'),
      file('hosts.csv'),
      reply('and another', true),
      edit('5 blocked hosts'),
    ];
    return contents.map((content, place) =>
      post(`AL-${index}.${place}`, content, {
        channel,
        subject: `AL-${index}`,
        queuedAt: new Date(),
      }),
    );
  }).flat();
}

const METHOD = /^chat\.|^files\.completeUploadExternal$/;

/** Refuses 60 % of the calls and loses the answers of 20 %, until 24 are refused and 8 answers are lost. */
function storm(peer: SlackPeer) {
  const limit: Fault = { kind: 'rate-limited', retryAfterS: 1 };
  const loss: Fault = { kind: 'http-error', status: 500, when: 'after' };
  return [
    peer.fail({ method: METHOD, fault: limit, share: 0.6, times: 24, seed: SEED }),
    peer.fail({ method: METHOD, fault: loss, share: 0.5, times: 8, seed: SEED + 1 }),
  ].map(({ hits }) => hits);
}

describe(`delivery through a storm (seed ${SEED})`, () => {
  it('sends every post once, in order, and private answers do not wait for it', async () => {
    stage = await startBot('socket');
    const { peer, alice, ops } = stage;
    const { botToken, apiUrl } = peer;
    const log = createFakeLog();
    const store = createMemoryOutboxStore();
    const chat = createChat({ botToken, apiUrl, log, timeoutMs: 60_000 });
    const [now, chance] = [() => new Date(), createChance()];
    const outbox = createOutbox({ store, chat, now, log, holder: 'one', chance });
    outbox.start();
    const posts = postsOf(peer);
    const flood = peer.fail({ method: METHOD, fault: { kind: 'rate-limited', retryAfterS: 1 } });
    store.save(...posts);
    outbox.wake();

    // No alert is posted yet, but commands are answered.
    await expect.poll(flood.hits).toBeGreaterThanOrEqual(CHANNELS);
    for (let asked = 0; asked < 4; asked += 1) {
      const question = await peer.command(alice, ops, `/hostcache why ${CLIENT}`);
      await question.answer(/240/);
    }
    expect(peer.workspace.messages).toEqual([]);
    const [limits, losses] = storm(peer);
    flood.stop();
    await expect.poll(() => [limits?.(), losses?.()]).toEqual([24, 8]);
    await expect.poll(store.isEmpty).toBe(true);
    await outbox.stop();

    for (let index = 0; index < CHANNELS; index += 1) {
      const channel = `C0DB${index}`;
      const [alert, ...others] = peer.workspace.roots(channel);
      expect(alert).toMatchObject({ text: expect.stringContaining('5 blocked hosts') });
      expect(others).toEqual([]);
      const thread = peer.workspace.thread(channel, alert?.ts ?? '');
      expect(thread.map((each) => each.files[0]?.title ?? each.text)).toEqual([
        'one more',
        'hosts.csv',
        'and another',
      ]);
      expect(peer.posting(channel).busiestSecond).toBeLessThanOrEqual(2);
    }
    expect(outbox.counts().rateLimited).toBe(flood.hits() + 24);
    expect([...peer.refusals, ...peer.ignored]).toEqual([]);
  });
});
