import { describe, expect, it } from 'vitest';
import type { FlushEffect } from '../../src/diagnosis/after-flush.ts';
import { type Diagnosis, diagnose } from '../../src/diagnosis/diagnose.ts';
import { type Evidence, known, unknown } from '../../src/diagnosis/evidence.ts';
import { gather } from '../../src/diagnosis/gather.ts';
import { exitOf, toJson } from '../../src/diagnosis/json.ts';
import { diagnosisMessage } from '../../src/diagnosis/messages.ts';
import { isLoopback } from '../../src/hostcache/address.ts';
import { keepsHostCache } from '../../src/hostcache/settings.ts';
import { fc } from '../chance.ts';
import { createFakeResolver, type FakeDns } from '../fakes/resolver.ts';
import { createFakeServer, type FakeServer } from '../fakes/server.ts';
import { accounts, host } from '../hostcache/arbitraries.ts';
import { rowsOf } from '../scenarios/accounts.ts';
import { addressOf, NAME, OLD_NAME } from '../scenarios/clients.ts';
import { entry } from '../scenarios/entries.ts';
import { MARIADB, MYSQL, MYSQL_84 } from '../scenarios/servers.ts';

/** What holds of every diagnosis, whatever stands in mysql.user, in the cache and in DNS. */

const CLIENTS = ['192.0.2.7', '2001:db8::5', '127.0.0.1'];
const NAMES = [NAME, OLD_NAME, 'my_host.example.com', 'ab', '12.example.com', 'localhost', '<!x>'];

interface World {
  readonly server: FakeServer;
  readonly dns: FakeDns;
  readonly client: string;
  readonly user: string | null;
}

const answerOf = (client: string) =>
  fc.constantFrom<readonly string[] | 'nxdomain' | 'nodata' | 'SERVFAIL'>(
    [client],
    [client],
    [client],
    ['192.0.2.99'],
    'nxdomain',
    'nodata',
    'SERVFAIL',
  );

const dnsOf = (client: string): fc.Arbitrary<FakeDns> =>
  fc.record({
    ptr: fc.record({
      [client]: fc.oneof(
        fc.constantFrom('nxdomain', 'nodata', 'SERVFAIL'),
        fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 2 }),
      ),
    }),
    forward: fc.record(Object.fromEntries(NAMES.map((name) => [name, answerOf(client)]))),
  });

const entryOf = (client: string) =>
  fc
    .record({
      validated: fc.boolean(),
      name: fc.option(fc.constantFrom(NAME, OLD_NAME, 'ab')),
      connectErrors: fc.constantFrom(0, 1, 50, 100, 101),
      acl: fc.nat(2),
    })
    .map(({ validated, name, connectErrors, acl }) =>
      entry({
        address: client,
        host: validated ? name : null,
        validated,
        connectErrors,
        counters: { COUNT_HOST_ACL_ERRORS: acl, COUNT_FORMAT_ERRORS: validated ? 0 : 1 },
      }),
    );

const serverOf = (client: string): fc.Arbitrary<FakeServer> =>
  fc.record({
    settings: fc
      .record({
        ...{ skipNameResolve: rarely(), performanceSchema: fc.boolean() },
        hostCacheSize: fc.constantFrom(279, 279, 0),
        of: fc.constantFrom(MYSQL, MYSQL, MYSQL_84, MARIADB),
      })
      .map(({ of, ...change }) => ({ ...of, ...change })),
    entries: fc.array(entryOf(client), { maxLength: 1 }),
    accounts: accounts(fc.oneof(host, fc.constantFrom(...NAMES, '%.example.com', '192.0.2.%'))),
    unreadable: fc.constantFrom({}, {}, {}, { accounts: 'no.' }, { entry: 'no.' }, { all: 'no.' }),
  });

function rarely(): fc.Arbitrary<boolean> {
  return fc.constantFrom(false, false, false, true);
}

const world: fc.Arbitrary<World> = fc.constantFrom(...CLIENTS).chain((client) =>
  fc.record({
    server: serverOf(client),
    dns: dnsOf(client),
    client: fc.constant(client),
    user: fc.constantFrom(null, null, 'u', 'v', '', 'ghost'),
  }),
);

function ask({ server, dns, client, user }: World): Promise<Evidence> {
  const target = { server: createFakeServer(server), resolver: createFakeResolver(dns) };
  return gather(target, { client: addressOf(client), user, readAt: new Date(0) });
}

async function holds(check: (diagnosis: Diagnosis, world: World) => void): Promise<void> {
  await fc.assert(
    fc.asyncProperty(world, async (each) => check(diagnose(await ask(each)), each)),
    { numRuns: 300 },
  );
}

describe('every diagnosis', () => {
  it('is shown as text and as an object', () =>
    holds((diagnosis, { client }) => {
      const message = diagnosisMessage(diagnosis, client);
      expect(message.headline).not.toMatch(/\n|undefined/);
      const json = JSON.parse(JSON.stringify(toJson(diagnosis, client)));
      expect(json).toEqual(toJson(diagnosis, client));
      expect(json.accountsTotal).toBeGreaterThanOrEqual(json.accounts.length);
    }));

  it('says unknown exactly where something needed did not answer', () =>
    holds((diagnosis) => {
      const { evidence, prediction, gaps } = diagnosis;
      const { outcome } = prediction.now;
      expect(exitOf(diagnosis) === 3).toBe(outcome === 'unknown');
      if (evidence.settings.known && evidence.entry.known && evidence.accounts.known) {
        expect(outcome).not.toBe('unknown');
      }
      if (outcome === 'unknown') expect(gaps).not.toEqual([]);
      if (!evidence.entry.known) expect(outcome).toBe('unknown');
      // A block comes before any account is looked at.
      if (!evidence.accounts.known) expect(['unknown', 'blocked']).toContain(outcome);
    }));

  it('is well only where the client is let in and all is known', () =>
    holds((diagnosis) => {
      const { prediction, findings } = diagnosis;
      const isBlocking = findings.some(({ severity }) => severity === 'blocking');
      if (exitOf(diagnosis) === 0) {
        expect(prediction.now.outcome).toBe('admitted');
        expect(isBlocking).toBe(false);
      }
      if (['refused', 'blocked'].includes(prediction.now.outcome)) expect(isBlocking).toBe(true);
    }));

  it('calls a flush what it is', () =>
    holds(({ prediction, forecast, evidence }) => {
      const { now, nowUnblocked, afterFlush } = prediction;
      const before = nowUnblocked.outcome === 'admitted';
      const after = afterFlush.outcome === 'admitted';
      const isBlocked = now.outcome === 'blocked';
      const mayBe: Readonly<Record<FlushEffect, boolean>> = {
        unknown: now.outcome === 'unknown' || afterFlush.outcome === 'unknown',
        unblocks: isBlocked && after,
        cures: !isBlocked && after && (!before || evidence.user === null),
        breaks: before && (!after || (evidence.user === null && !isBlocked)),
        'changes-account': before && after && !isBlocked,
        'cures-after-fix':
          evidence.entry.known && evidence.entry.value?.host === null && (before || !after),
        useless: isBlocked ? !after : before === after,
      };
      expect(mayBe[forecast.effect]).toBe(true);
    }));

  it('never flushes where a flush keeps the client out, and has one remedy to copy', () =>
    holds((diagnosis, { client }) => {
      const message = diagnosisMessage(diagnosis, client);
      const all = JSON.stringify([message, toJson(diagnosis, client)]);
      if (diagnosis.forecast.effect === 'breaks') {
        expect(all).not.toMatch(/TRUNCATE|FLUSH|flush (?:also )?(?:unblocks|cures)/);
      }
      const isCreate = (text: string) => text.startsWith('CREATE USER');
      const statements = diagnosis.findings.flatMap((finding) => finding.statements);
      expect(statements.filter(isCreate).length).toBeLessThanOrEqual(1);
    }));

  it('changes nothing by a flush where the server keeps nothing', () =>
    holds(({ evidence, forecast, prediction }) => {
      if (!evidence.entry.known || evidence.entry.value !== null) return;
      expect(prediction.now).toEqual(prediction.afterFlush);
      expect(['useless', 'unknown']).toContain(forecast.effect);
    }));
});

it('rests on no row that the question did not ask for', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (each) => {
      const evidence = await ask(each);
      if (!evidence.accounts.known) return;
      const all = diagnose({
        ...evidence,
        accounts: known(rowsOf(...(each.server.accounts ?? []))),
      });
      const asked = diagnose(evidence);
      expect(asked.prediction.now).toEqual(all.prediction.now);
      expect(asked.prediction.afterFlush).toEqual(all.prediction.afterFlush);
      expect(asked.forecast.effect).toBe(all.forecast.effect);
      // Beside an unseen entry no anonymous rows are asked for that only a name would bring in.
      if (!evidence.entry.known && each.user !== null) return;
      // It names accounts for any text with letters, of which only names are asked for.
      const rules = ({ findings }: Diagnosis) =>
        findings.map(({ rule }) => rule).filter((rule) => rule !== 'name-resolution-off');
      expect(rules(asked)).toEqual(rules(all));
    }),
    { numRuns: 300 },
  );
});

it('an entry that cannot be read leaves open no more than any entry would answer', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (each) => {
      const evidence = await ask(each);
      // Nobody needs to read an entry that the server does not keep.
      if (!evidence.settings.known || !keepsHostCache(evidence.settings.value)) return;
      if (isLoopback(evidence.client)) return;
      const rows = known(rowsOf(...(each.server.accounts ?? [])));
      const seen = diagnose({ ...evidence, accounts: rows }).prediction.nowUnblocked;
      const blind = diagnose({ ...evidence, accounts: rows, entry: unknown('no.') });
      const guessed = blind.prediction.nowUnblocked;
      if (guessed.outcome !== 'unknown' && evidence.entry.known) {
        expect(seen.outcome).toBe(guessed.outcome);
        if (guessed.account !== null) expect(seen.account).toEqual(guessed.account);
      }
      expect(blind.prediction.now.outcome).toBe('unknown');
    }),
    { numRuns: 300 },
  );
});
