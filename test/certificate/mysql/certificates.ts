import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Certificates of one CA for MySQL servers, with one key. Valid from 2020 to 2126, except `expired`.
 * `db` is for db.test and 0.0.0.0; `other` for other.test, localhost and 192.0.2.9; `auto` has
 * only a common name, like a certificate that MySQL generates.
 */

export const fileOf = (name: string) => join(import.meta.dirname, `${name}.pem`);

const read = (name: string) => readFileSync(fileOf(name), 'utf8');
const key = read('key');

export const CA = read('ca');
export const DB = { cert: read('db'), key };
export const OTHER = { cert: read('other'), key };
export const AUTO = { cert: read('auto'), key };
export const EXPIRED = { cert: read('expired'), key };
