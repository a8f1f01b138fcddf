import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate for slack.test and its subdomains, and its key, for tests of TLS. Valid until 2126. */

/** For NODE_EXTRA_CA_CERTS. */
export const CERTIFICATE_FILE = join(import.meta.dirname, 'slack.test.cert.pem');

export const CERTIFICATE = {
  cert: readFileSync(CERTIFICATE_FILE, 'utf8'),
  key: readFileSync(join(import.meta.dirname, 'slack.test.key.pem'), 'utf8'),
};
