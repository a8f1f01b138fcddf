// Checks what the flush account may do. Does I/O.
import { type Check, green, red } from '../../doctor/check.ts';
import type { MysqlLogin } from '../../hostcache/mysql-login.ts';
import { createFlusher } from './flusher.ts';

export function createFlusherCheck(options: {
  readonly name: string;
  readonly login: MysqlLogin;
  readonly flushLogin: MysqlLogin;
}): Check {
  const { name, login: readLogin, flushLogin: login } = options;
  return {
    name: `${name}: flush account`,
    run: async () => {
      const permission = await createFlusher({ name, login, readLogin }).mayFlush();
      if (permission.kind === 'may')
        return [green('it can flush the host cache and nothing else.')];
      const { why, statements } = permission;
      return [red(`Flushing is off: ${why}.`, 'Run these as an administrator:', statements)];
    },
  };
}
