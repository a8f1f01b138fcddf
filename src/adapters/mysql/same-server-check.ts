// Checks that both accounts reach one server; a flush of another one is never run. Does I/O.
import { type Check, type CheckResult, green, red } from '../../doctor/check.ts';
import { differences, labelOfServer, type ServerIdentity } from '../../flush/identity.ts';
import type { MysqlLogin } from '../../hostcache/mysql-login.ts';
import { createFlusher } from './flusher.ts';
import { readIdentity } from './identity.ts';
import { createLink } from './link.ts';

export function createSameServerCheck(options: {
  readonly name: string;
  readonly login: MysqlLogin;
  readonly flushLogin: MysqlLogin;
}): Check {
  const { name, login, flushLogin } = options;
  return {
    name: `${name}: server of the flush account`,
    run: async () => {
      const link = createLink(name, login);
      try {
        const session = await createFlusher({ name, login: flushLogin }).open();
        const reached = await session.identity().finally(session.close);
        return [judge(await readIdentity(link.ask, name), reached)];
      } finally {
        await link.close();
      }
    },
  };
}

function judge(read: ServerIdentity, reached: ServerIdentity): CheckResult {
  const facts = differences(read, reached);
  if (facts.length > 0) {
    return red(
      `MYSQL_URL and MYSQL_FLUSH_URL reach different servers: ${facts.join(', ')}.`,
      'Let both lead to the same server: nothing is flushed until they do. A host name that leads to several servers in turn is not enough.',
    );
  }
  const isNamed = read.uuid !== null || read.uid !== null;
  const restart = isNamed ? '' : ' It has no server_uid, so a restart replaces a flush request.';
  const server = labelOfServer(read);
  return green(`MYSQL_URL and MYSQL_FLUSH_URL reach the same server, ${server}.${restart}`);
}
