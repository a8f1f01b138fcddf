import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainText } from '../../sandbox/slack/shown.ts';
import { type Stage, startBot } from './bot.ts';
import { CLIENT, POSTS } from './posts.ts';

/** "Explain MySQL error" on realistic posts of people and machines: the right client, or an answer that there is none. */

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
  ])('$text', async ({ text, says }) => {
    const answer = await explained(text);
    expect(answer.isPrivate).toBe(true);
    expect(answer.text).toMatch(says);
  });
});

it('a message that says nothing of an error opens the form with its text', async () => {
  const { peer, alice, ops } = stage;
  const said = peer.say(alice, ops, 'db1 &amp; db2 are slow since noon');
  const used = await peer.shortcut(alice, ops, said.ts, 'explain_mysql_error');
  const form = await used.opened();
  expect(plainText(form)).toContain('db1 & db2 are slow since noon');
  await peer.submit(alice, form.id, { client: CLIENT });
  const answer = await used.answer();
  expect(answer.isPrivate).toBe(true);
  expect(answer.text).toContain(JUDGED);
});

it.each([
  { name: 'too long for the form', text: 'all is well, '.repeat(500), starts: 'all is well, all' },
  { name: 'without a text', text: '', starts: 'Which client' },
])('a message $name opens the form', async ({ text, starts }) => {
  const { peer, alice, ops } = stage;
  const said = peer.say(alice, ops, text);
  const used = await peer.shortcut(alice, ops, said.ts, 'explain_mysql_error');
  expect(plainText(await used.opened())).toContain(starts);
});

describe('posts of machines and people', () => {
  it.each(POSTS)('$name', async ({ message, user }) => {
    const { peer, alice, ops } = stage;
    const { text, ...how } = message;
    const monitor = peer.workspace.addUser({ name: 'monitor', isBot: true });
    const { ts } = peer.say(monitor.id, ops, text, how);
    const used = await peer.shortcut(alice, ops, ts, 'explain_mysql_error');
    const answers = await used.settled();
    expect(answers.map((answer) => answer.isPrivate)).toEqual([true]);
    const as = user === null ? '' : ` as ${user}`;
    expect(answers[0]?.text.startsWith(`${CLIENT}${as} `)).toBe(true);
  });
});
