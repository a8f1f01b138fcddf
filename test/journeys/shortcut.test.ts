import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, startBot } from './bot.ts';

/** "Explain MySQL error" on realistic posts of people and machines: the right client, or an answer that there is none. */

const CLIENT = '240.221.242.64';
const JUDGED = `${CLIENT} is not allowed to connect to main (1130)`;

let stage: Stage;

beforeAll(async () => {
  stage = await startBot('socket', { ptr: null });
});

afterAll(async () => {
  const { refusals, failures, workspace } = stage.peer;
  expect([refusals, failures, workspace.broadcasts]).toEqual([[], [], []]);
  await stage.stop();
});

async function explained(text: string) {
  const { peer, alice, ops } = stage;
  const message = peer.say(alice, ops, text);
  const used = await peer.shortcut(alice, ops, message.ts, 'explain_mysql_error');
  return await used.answer();
}

describe('the client is found', () => {
  it.each([
    {
      name: 'PDO with curly quotes',
      text: `SQLSTATE[HY000] [1130] Host ‘${CLIENT}’ is not allowed to connect to this MySQL server`,
    },
    {
      name: 'JDBC in a code fence, with its stack',
      text: `<!here> prod is down\n\`\`\`java.sql.SQLException: null,  message from server: "Host '${CLIENT}' is not allowed to connect to this MySQL server"\n\tat com.mysql.cj.jdbc.exceptions.SQLError.createSQLException(SQLError.java:129)\`\`\``,
    },
    {
      name: 'PHP’s page, escaped twice',
      text: `Connection failed: Host &amp;#039;${CLIENT}&amp;#039; is not allowed to connect to this MySQL server`,
    },
    {
      name: 'a German server',
      text: `ERROR 1130 (HY000): Host '${CLIENT}' hat keine Berechtigung, sich mit diesem MySQL-Server zu verbinden`,
    },
    {
      name: 'a Portuguese server',
      text: `(1130, "'Host' '${CLIENT}' não tem permissão para se conectar com este servidor MySQL")`,
    },
    {
      name: 'what somebody wants to be told in private',
      text: `Host '${CLIENT}' is not allowed to connect to this MySQL server, do not post it publicly`,
    },
    {
      name: 'what somebody else would have posted for all',
      text: `${CLIENT} publicly on main`,
    },
    {
      name: 'the same, twice over and quoted',
      text: `${CLIENT} "publicly" publicly publicly`,
    },
    {
      name: 'a log with its times, cut at the end',
      text: `04:00:12 web1 app[1]: ER_HOST_NOT_PRIVILEGED: Host '${CLIENT}' is not allowed to connect to…`,
    },
  ])('$name', async ({ text }) => {
    const answer = await explained(text);
    expect(answer.isPrivate).toBe(true);
    expect(answer.text).toContain(JUDGED);
    expect(answer.text).toContain('[Check again]');
  });

  it('and its user', async () => {
    const denied = `pymysql.err.OperationalError: (1045, "Access denied for user 'jdoe'@'${CLIENT}' (using password: YES)")`;
    expect((await explained(denied)).text).toContain(`${CLIENT} as jdoe`);
  });

  it('each of several', async () => {
    const refused = (host: string) =>
      `Host '${host}' is not allowed to connect to this MySQL server`;
    await explained(`web1: ${refused(CLIENT)}\nweb2: ${refused('192.0.2.7')}`);
    const { workspace } = stage.peer;
    for (const host of [CLIENT, '192.0.2.7']) {
      const says = `${host} is not allowed to connect to main (1130)`;
      await workspace.until(() =>
        workspace.ephemeralsFor(stage.alice).some(({ text }) => text.startsWith(says)),
      );
    }
  });
});

describe('no client is named, and that is said', () => {
  it.each([
    {
      text: 'ERROR 1040 (08004): Too many connections',
      says: /Error 1040 names no client.*no free connection/s,
    },
    {
      text: "ERROR 2013 (HY000): Lost connection to MySQL server at 'reading initial communication packet', system error: 104",
      says: /Error 2013 names no client.*broke off before authentication/s,
    },
    {
      text: "SQLSTATE[42000] [1044] Access denied for user 'app'@'%' to database 'shop'",
      says: /Error 1044 names no client.*no grant on that database/s,
    },
    {
      text: 'ERROR 1862 (HY000): Your password has expired. To log in you must change it using a client that supports expired passwords.',
      says: /Error 1862 names no client.*has expired/s,
    },
    { text: 'lunch at noon?', says: /Expected a client/ },
  ])('$text', async ({ text, says }) => {
    const answer = await explained(text);
    expect(answer.isPrivate).toBe(true);
    expect(answer.text).toMatch(says);
  });
});
