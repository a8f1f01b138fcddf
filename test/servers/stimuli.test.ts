import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateOf } from './certificate.ts';
import { FLAVOURS, openStage, rulesOf, type Stage } from './stage.ts';
import { ACCOUNTS, COMMON_ACCOUNTS, LIMIT, STIMULI } from './stimuli.ts';

/** Everything that keeps clients out of real servers, with the rule that reports it. */

let stages: Readonly<Record<(typeof FLAVOURS)[number], Stage>>;
let folder: string;

beforeAll(async () => {
  const args = [`--max-connect-errors=${LIMIT}`, '--connect-timeout=2'];
  const mysql = await openStage({ flavour: 'mysql', args });
  folder = await mkdtemp(join(tmpdir(), 'hostcache-stimuli-'));
  const tls = await certificateOf(mysql.world, folder);
  stages = { mysql, mariadb: await openStage({ flavour: 'mariadb', args: [...args, ...tls] }) };
  for (const flavour of FLAVOURS) {
    const accounts = [COMMON_ACCOUNTS, ACCOUNTS[flavour], 'FLUSH PRIVILEGES'];
    for (const statements of accounts) await stages[flavour].world.query(statements);
  }
});

afterAll(async () => {
  await Promise.all(Object.values(stages).map((stage) => stage.close()));
  await rm(folder, { recursive: true });
});

describe.each(FLAVOURS)('%s', (flavour) => {
  const known = STIMULI.filter((stimulus) => stimulus[flavour] !== null).map((stimulus, i) => ({
    ...stimulus,
    client: `10.0.0.${i + 1}`,
    rules: stimulus[flavour] ?? [],
  }));

  it.each(known)('$name: $rules', async ({ act, client, rules }) => {
    const { world, why } = stages[flavour];
    world.dns.host(client, `c${client.replaceAll('.', '-')}.example.com`);
    const undo = await act(world, client);
    try {
      await expect.poll(async () => rulesOf(await why(client))).toEqual(rules);
    } finally {
      await undo?.();
    }
  });

  it('an address that no account is for: no-matching-account', async () => {
    const { world, why } = stages[flavour];
    world.dns.host('192.0.2.1', 'stranger.example.com');
    expect(await world.connectFrom('192.0.2.1')).toMatchObject({ code: 1130 });
    expect(rulesOf(await why('192.0.2.1'))).toEqual(['no-matching-account']);
  });
});
