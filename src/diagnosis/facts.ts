import { count, utc } from '../chat/lists.ts';
import type { HostCacheEntry } from '../hostcache/entry.ts';
import { isConnection } from '../hostcache/failures.ts';
import type { DnsFacts } from './dns-facts.ts';
import type { Evidence } from './evidence.ts';
import { failedLogins, lastOf } from './failed-logins.ts';

/** What the server and DNS have of a client, in one line. */

export function factsText(evidence: Evidence): string {
  const { entry, dns, settings } = evidence;
  const isKept = !settings.known || !settings.value.skipNameResolve;
  const cached = entry.known ? entryText(entry.value) : 'cannot be seen';
  return `Host cache: ${isKept ? cached : 'not kept'}. DNS now: ${dnsText(dns)}.${failuresText(evidence)}`;
}

/** The server remembers failed logins through flushes, and where it keeps no host cache. */
function failuresText(evidence: Evidence): string {
  const failures = failedLogins(evidence);
  if (failures === null) return '';
  const total = failures.filter(isConnection).reduce((sum, row) => sum + row.count, 0);
  const last = lastOf(failures);
  const at = last === null ? '' : `, last ${utc(last)}`;
  return ` Failed logins since the server started: ${total === 0 ? 'none' : total}${at}.`;
}

function entryText(entry: HostCacheEntry | null): string {
  if (entry === null) return 'no entry';
  const { host, validated, connectErrors } = entry;
  return `${host ?? 'NULL'}, ${validated ? '' : 'not '}validated, ${count(connectErrors, 'connect error')}`;
}

function dnsText(dns: DnsFacts | null): string {
  if (dns === null) return 'not asked';
  if (dns.host === null) return dns.status === 'failed' ? 'no answer' : `no name (${dns.status})`;
  return `${dns.host}, ${dns.confirmed ? '' : 'not '}confirmed`;
}
