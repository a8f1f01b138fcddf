import { describe, expect, it } from 'vitest';
import type { Interaction } from '../../sandbox/slack/interaction.ts';
import { activesOf, plainText } from '../../sandbox/slack/shown.ts';
import { askingInEachTest, troubles } from './asking-bot.ts';
import type { Mode } from './bot.ts';

/** A forged submission bypasses no check. */

const start = askingInEachTest();

/** The original submission with changes in the modal's metadata. */
function forged({ delivery }: Interaction, change: Readonly<Record<string, unknown>>): object {
  // Every submission of the peer is of this kind.
  const payload = delivery.payload as { readonly view: { readonly private_metadata: string } };
  const { view } = payload;
  const lacking: unknown = { ...JSON.parse(view.private_metadata), ...change };
  return { ...payload, view: { ...view, private_metadata: JSON.stringify(lacking) } };
}

describe.each<Mode>(['socket', 'http'])('a forged submission in %s mode', (mode) => {
  async function submitted(on: Awaited<ReturnType<typeof start>>) {
    const asked = await on.peer.command(on.alice, on.ops, '/hostcache quieten null-host');
    const view = await asked.opened();
    const submission = await on.peer.submit(on.alice, view.id, { reason: 'so' });
    await asked.answer();
    return submission;
  }

  it('of another person runs as that person, and answers that person', async () => {
    const on = await start(mode);
    const submission = await submitted(on);
    const payload = { ...forged(submission, {}), user: { id: on.bob } };
    await on.peer.forge(on.bob, on.ops, () => ({ type: 'interactive', payload }));
    const { ephemeralsFor, until } = on.peer.workspace;
    await until(() => ephemeralsFor(on.bob).length > 0);
    expect(on.quieten.asked.map(({ caller }) => caller)).toMatchObject([
      { user: on.alice },
      { user: on.bob },
    ]);
    expect(ephemeralsFor(on.alice)).toHaveLength(1);
    expect(troubles(on)).toEqual([]);
  });

  it('of somebody who may not use the bot is refused', async () => {
    const on = await start(mode, ['U0ALICE']);
    const submission = await submitted(on);
    const payload = { ...forged(submission, {}), user: { id: on.bob } };
    await on.peer.forge(on.bob, on.ops, () => ({ type: 'interactive', payload }));
    const { ephemeralsFor, until } = on.peer.workspace;
    const said = await until(() => ephemeralsFor(on.bob)[0]);
    expect(plainText(said)).toMatch(/^You may not use hostcache/);
    expect(on.quieten.asked).toHaveLength(1);
    expect(troubles(on)).toEqual([]);
  });

  it('with another line is that line, typed: it counts as no click', async () => {
    const on = await start(mode);
    const submission = await submitted(on);
    const payload = forged(submission, { line: 'decide FR-1', isClick: true });
    await on.peer.forge(on.alice, on.ops, () => ({ type: 'interactive', payload }));
    const { ephemeralsFor, until } = on.peer.workspace;
    await until(() => ephemeralsFor(on.alice).length > 1);
    const occasion = expect.any(String);
    const caller = { kind: 'person', user: on.alice, channel: on.ops, thread: null, occasion };
    expect(on.decide.asked).toEqual([{ words: ['FR-1'], line: 'FR-1', options: {}, caller }]);
    expect(troubles(on)).toEqual([]);
  });

  it('with a line that is not one is refused', async () => {
    const on = await start(mode);
    const submission = await submitted(on);
    const payload = forged(submission, { line: '<!channel> drop' });
    await on.peer.forge(on.alice, on.ops, () => ({ type: 'interactive', payload }));
    const { ephemeralsFor, until, broadcasts } = on.peer.workspace;
    const said = await until(() =>
      ephemeralsFor(on.alice).find((one) => /neither a client/.test(plainText(one))),
    );
    expect(activesOf(said).filter(({ isAuto }) => !isAuto)).toEqual([]);
    expect(broadcasts).toEqual([]);
  });

  it('with no metadata of ours closes, does nothing, and is logged', async () => {
    const on = await start(mode);
    const submission = await submitted(on);
    // Every submission of the peer is of this kind.
    const { view, ...rest } = submission.delivery.payload as { readonly view: object };
    const payload = { ...rest, view: { ...view, private_metadata: '{"line":1}' } };
    const forgery = await on.peer.forge(on.alice, on.ops, () => ({ type: 'interactive', payload }));
    expect(forgery.failure).toBeNull();
    expect(on.quieten.asked).toHaveLength(1);
    expect(on.logged).toContainEqual(
      expect.objectContaining({ message: 'a submitted form is not one of ours' }),
    );
  });
});
