// Asks a server what the flushing account may do; and how passwords travel.
import { type Check, type CheckResult, green, red, yellow } from '../../doctor/check.ts';
import { createFlusher } from './flusher.ts';
import { parseTarget } from './url.ts';

export function createFlusherCheck(options: {
  readonly name: string;
  readonly url: string;
  readonly flushUrl: string;
}): Check {
  const { name, url, flushUrl } = options;
  return {
    name: `${name}: flushing account`,
    run: async () => {
      const permission = await createFlusher({ name, url: flushUrl, readUrl: url }).mayFlush();
      if (permission.kind === 'may')
        return [green('it may empty the host cache, and nothing else.')];
      const { why, statements } = permission;
      return [red(`${why}; so flushing is off.`, 'Run these as an administrator:', statements)];
    },
  };
}

/** Whether a password and all answers go over a network unencrypted. */
export function checkEncryption(setting: string, url: string): readonly CheckResult[] {
  const { options, label } = parseTarget(url);
  const { host = 'localhost', password = '', ssl, socketPath } = options;
  if (socketPath !== undefined || password === '' || ssl !== undefined || isHere(host)) return [];
  return [
    yellow(
      `${setting} logs in as ${label} without TLS: whoever listens on the way can read along.`,
      'Add ssl=true to its URL, or ssl with the certificate of its authority (see .env.example).',
    ),
  ];
}

function isHere(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
