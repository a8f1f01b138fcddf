// Checks what the flush account may do, and which server it reaches. Does I/O.
import { type Check, type CheckResult, green, red } from '../../doctor/check.ts';
import type { Flusher, Permission } from '../../flush/flusher.ts';
import { differences, labelOfServer } from '../../flush/identity.ts';
import type { MysqlLogin } from '../../hostcache/mysql-login.ts';
import { createFlusher } from './flusher.ts';
import { readIdentity } from './identity.ts';
import { createLink } from './link.ts';

export function createFlusherCheck(options: {
  readonly name: string;
  readonly login: MysqlLogin;
  readonly flushLogin: MysqlLogin;
}): Check {
  const { name, login: readLogin, flushLogin: login } = options;
  return {
    name: `${name}: flush account`,
    run: async () => {
      const flusher = createFlusher({ name, login, readLogin });
      return [judge(await flusher.mayFlush()), await compareServers(name, readLogin, flusher)];
    },
  };
}

function judge(permission: Permission): CheckResult {
  if (permission.kind === 'may') return green('it can flush the host cache and nothing else.');
  const { why, statements } = permission;
  return red(`Flushing is off: ${why}.`, 'Run these as an administrator:', statements);
}

/** Whether both accounts reach one server; a flush of another one is never run. */
async function compareServers(
  name: string,
  readLogin: MysqlLogin,
  flusher: Flusher,
): Promise<CheckResult> {
  const link = createLink(name, readLogin);
  try {
    const session = await flusher.open();
    const reached = await session.identity().finally(session.close);
    const read = await readIdentity(link.ask, name);
    const facts = differences(read, reached);
    if (facts.length > 0) {
      return red(
        `MYSQL_URL and MYSQL_FLUSH_URL reach different servers: ${facts.join(', ')}.`,
        'Let both lead to the same server: no request is flushed until they do. A name that leads to several servers in turn does not identify one.',
      );
    }
    const isNamed = read.uuid !== null || read.uid !== null;
    const restart = isNamed ? '' : ' It has no server_uid, so a restart replaces a flush request.';
    return green(
      `MYSQL_URL and MYSQL_FLUSH_URL reach the same server, ${labelOfServer(read)}.${restart}`,
    );
  } finally {
    await link.close();
  }
}
