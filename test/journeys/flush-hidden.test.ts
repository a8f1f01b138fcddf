import { afterEach, expect, it } from 'vitest';
import { type ScriptedServer, startScriptedServer } from '../fakes/scripted-mysql.ts';
import { MYSQL } from '../scenarios/servers.ts';
import { type BotStage, openBotStage, plainText } from './flush-stage.ts';

/** MySQL 5.7 with performance_schema off: its cache is hidden, and TRUNCATE returns OK and does nothing. */

const CLIENT = '240.221.242.64';

let server: ScriptedServer;
let stage: BotStage | undefined;

afterEach(async () => {
  await stage?.stop();
  await server.stop();
});

/** Words that a reader could mistake for proof. */
const CLAIMS = /0 entries|0 now|emptied|No host is blocked|Flushed/;

it('is flushed by FLUSH LOCAL HOSTS, and nothing is claimed that cannot be seen', async () => {
  const version = { text: '5.7.44', major: 5, minor: 7, patch: 44 };
  server = await startScriptedServer({
    settings: { ...MYSQL, version, performanceSchema: false },
    hidesCache: true,
    refusesTruncate: false,
    grants: {
      flusher: ['GRANT RELOAD ON *.* TO `flusher`@`%`'],
      weak: ['GRANT DROP ON `performance_schema`.`host_cache` TO `weak`@`%`'],
    },
  });
  server.cached.add(CLIENT);
  const on = await openBotStage({
    MYSQL_URL: server.url('reader'),
    MYSQL_FLUSH_URL: server.url('weak'),
    DNS_SERVERS: '127.0.0.1:1',
  });
  stage = on;
  expect(await on.inTerminal(['doctor'])).toContain("GRANT RELOAD ON *.* TO 'weak'@'%';");
  const why = await on.inTerminal(['why', CLIENT]);
  expect(why).toContain('cannot be seen: performance_schema is off');
  expect(why).toContain('FLUSH LOCAL HOSTS');
  expect(why).not.toContain('TRUNCATE');

  await on.start({ MYSQL_FLUSH_URL: server.url('flusher') });
  await on.ask('alice', 'flush DNS is fixed');
  const card = await on.card(/Approval needed/);
  expect(plainText(card)).toContain('cannot be seen');
  expect(plainText(card)).toContain('FLUSH LOCAL HOSTS;');
  expect(plainText(card)).not.toMatch(CLAIMS);
  await on.approve('bob', card);
  const done = plainText(await on.card(/Uncertain.*: flush main/));
  expect(done).toContain('the result cannot be verified: performance_schema is off');
  expect(server.flushes).toEqual(['FLUSH LOCAL HOSTS']);
  expect(server.cached.size).toBe(0);
  for (const said of [done, ...on.thread(card), await on.ask('alice', 'history')]) {
    expect(said).not.toMatch(CLAIMS);
  }
});
