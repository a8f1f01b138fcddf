// Asks a server what the flushing account may do; and how passwords travel.
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
    name: `${name}: flushing account`,
    run: async () => {
      const permission = await createFlusher({ name, login, readLogin }).mayFlush();
      if (permission.kind === 'may')
        return [green('it may empty the host cache, and nothing else.')];
      const { why, statements } = permission;
      return [red(`${why}; so flushing is off.`, 'Run these as an administrator:', statements)];
    },
  };
}

/** Whether a password and all answers go over a network unencrypted. */
export function checkEncryption(setting: string, login: MysqlLogin): readonly CheckResult[] {
  const { host, password, ssl, socketPath } = login;
  if (socketPath !== undefined || password === '' || ssl !== undefined || isHere(host)) return [];
  return [
    yellow(
      `${setting} logs in as ${labelOf(login)} without TLS: whoever listens on the way can read along.`,
      'Add ssl=true to its URL, or ssl with the certificate of its authority (see .env.example).',
    ),
  ];
}

function isHere(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
