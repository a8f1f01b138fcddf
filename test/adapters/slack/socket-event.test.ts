import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SocketModeReceiver } from '@slack/bolt';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { clientOptions } from '../../../src/adapters/slack/client.ts';
import { MESSAGE_EVENT } from '../../../src/adapters/slack/socket-connection.ts';
import { startPeer } from '../../slack-peer.ts';

/** What socket.ts knows of @slack/socket-mode beyond its documents, on the version that is pinned. */

const PACKAGE = '@slack/socket-mode';

it('the client tells itself of each message by the event that is taken from it', async () => {
  const peer = await startPeer();
  const { client } = new SocketModeReceiver({
    appToken: peer.appToken,
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: clientOptions({ apiUrl: peer.apiUrl }, { timeoutMs: 10_000, retries: 1 }),
    },
  });
  const eventOfHello = new Promise((resolve) => {
    const emit = client.emit.bind(client);
    client.emit = (event, ...args) => {
      if (String(args[0]).includes('"type":"hello"')) resolve(event);
      return emit(event, ...args);
    };
  });
  try {
    expect(client.listenerCount(MESSAGE_EVENT)).toBe(1);
    const started = client.start();
    expect(await eventOfHello).toBe(MESSAGE_EVENT);
    await started;
    await client.disconnect();
  } finally {
    await peer.stop();
  }
});

it('Bolt loads exactly the version that package.json names', () => {
  const rule = z.object({ dependencies: z.record(z.string(), z.string()) });
  const file = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');
  const pinned = rule.parse(JSON.parse(file)).dependencies[PACKAGE];
  expect(pinned).toMatch(/^\d+\.\d+\.\d+$/);
  const bolt = createRequire(createRequire(import.meta.url).resolve('@slack/bolt'));
  expect(bolt(`${PACKAGE}/package.json`)).toMatchObject({ version: pinned });
});
