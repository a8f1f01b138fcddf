// Checks what the flush account may do, and whether logins are encrypted. Does I/O.
import { type Check, type CheckResult, green, red, yellow } from '../../doctor/check.ts';
import { labelOf, type MysqlLogin } from '../../hostcache/mysql-login.ts';
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

/** Warns if a password and all answers go over a network unencrypted. */
export function checkEncryption(setting: string, login: MysqlLogin): readonly CheckResult[] {
  const { host, password, ssl, socketPath } = login;
  if (socketPath !== undefined || password === '' || ssl !== undefined || isLocal(host)) return [];
  return [
    yellow(
      `${setting} logs in as ${labelOf(login)} without TLS: anyone on the network path can read the traffic.`,
      'Add ssl=true to its URL, or ssl={"ca":"…"} with the CA certificate.',
    ),
  ];
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
