import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../sandbox/slack/faults.ts';
import { chatFor, createStage, file, OPS, posted, type Stage, search } from './chat-stage.ts';

/** Each step of an upload at which Slack fails, and whether the file may be there. */

let stage: Stage;

beforeEach(async () => {
  stage = await createStage();
});

afterEach(async () => {
  await stage.peer.stop();
});

describe('a fault while uploading', () => {
  const cut: Fault = { kind: 'http-error', status: 500, when: 'after' };

  it.each([
    {
      method: 'files.getUploadURLExternal',
      fault: cut,
      afterMs: null,
      mayBeSent: false,
      isSaid: false,
    },
    { method: 'upload', fault: cut, afterMs: null, mayBeSent: false, isSaid: false },
    {
      method: 'upload',
      fault: { kind: 'silence', when: 'after' },
      afterMs: null,
      mayBeSent: false,
      isSaid: false,
    },
    {
      method: 'files.completeUploadExternal',
      fault: cut,
      afterMs: null,
      mayBeSent: true,
      isSaid: true,
    },
    {
      method: 'files.getUploadURLExternal',
      fault: { kind: 'rate-limited', retryAfterS: 2 },
      afterMs: 2000,
      mayBeSent: false,
      isSaid: false,
    },
  ] as const)('$fault.kind at $method', async ({ method, fault, afterMs, mayBeSent, isSaid }) => {
    const { peer, chat } = stage;
    const root = await posted(stage);
    const failing = peer.fail({ method, fault });
    const delivery = { kind: 'retry', mayBeSent, afterMs };
    expect(await chatFor(stage, fault).upload(file(root))).toMatchObject(delivery);
    failing.stop();
    expect(peer.workspace.thread(OPS, root)).toHaveLength(isSaid ? 1 : 0);
    const found = await chat.find(search('P-2', root));
    expect(found?.kind).toBe(isSaid ? 'sent' : undefined);
  });
});
