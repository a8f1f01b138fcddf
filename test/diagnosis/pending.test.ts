import { expect, it } from 'vitest';
import { pendingCommand } from '../../src/diagnosis/pending.ts';
import type { HandshakeStep } from '../../src/hostcache/handshake.ts';
import { createFakeServer } from '../fakes/server.ts';
import { waiting } from '../scenarios/evidence.ts';

/** What `pending` says of a connection. */

it.each([
  { step: 'dns', says: 'waiting for DNS', prints: 'dns' },
  { step: 'tls', says: 'in the TLS handshake', prints: 'tls' },
  { step: 'auth', says: 'in the authentication plugin', prints: 'auth' },
  { step: 'dns or tls', says: 'waiting for DNS or in the TLS handshake', prints: 'unknown' },
  { step: 'unknown', says: 'past the name lookup', prints: 'unknown' },
] satisfies readonly {
  step: HandshakeStep;
  says: string;
  prints: string;
}[])('$step: $says, $prints', async ({ step, says, prints }) => {
  const server = createFakeServer({ name: 'main', activity: waiting(step, 7) });
  const request = { words: [], line: '', options: {}, caller: { kind: 'terminal' } } as const;
  const reply = await pendingCommand.run(request, {
    targets: [{ server }],
    now: () => new Date('2026-11-21T04:00:12Z'),
  });
  expect(reply.rows).toEqual([
    { server: 'main', id: 0, client: '192.0.2.7', seconds: 7, state: 'login', step: prints },
  ]);
  expect(JSON.stringify(reply.messages)).toContain(`"${says}"`);
});
