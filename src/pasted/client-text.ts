import { parseAddress } from '../hostcache/address.ts';
import { isHostName } from '../hostcache/host-name.ts';

/** What stands in a message where the client's address or host name should be. */
export type ClientText =
  | { readonly kind: 'client'; readonly client: string }
  /** Somebody took the address out, or mistyped it: `x.x.x.x`, `<IP>`, `host_name`. */
  | { readonly kind: 'blank'; readonly blank: string }
  | { readonly kind: 'none' };

const NONE: ClientText = { kind: 'none' };

/** A whole word that stands for an address or a name. */
const PLACEHOLDER =
  /^(?:(?:my|your|the|client|connecting|server|remote|some|public|private|external|internal|local|source|db)[-_ ]?)?(?:ip|ips|host|hostname|host[-_ ]name|host[-_ ]?ip|ip[-_ ]?addr(?:ess)?|address|client|hostip)$/i;
const REMOVED = /redact|mask|hidden|removed|censor|anonymi[sz]ed|snip|confidential/i;
/** `192.168.1.xxx`, `172.*.*.*`, `10.##.#.#`, `192.O.2.7`: digits, and letters in place of digits. */
const MASKED_LABEL = /^(?:\d{0,3}[xyznXYZNlIoO*#?_]{1,9}\d{0,3}|\d{1,3}|)$/;

/** Cloud SQL's proxy puts its name before the address of its client. */
const CLOUD_SQL = /^cloudsqlproxy~/i;

export function readClientText(raw: string): ClientText {
  const text = raw.trim().replace(CLOUD_SQL, '');
  if (text === '') return NONE;
  const bare = text.replace(/^\[(.{2,60})\]$/, '$1');
  if (parseAddress(bare) !== null) return { kind: 'client', client: bare };
  const withoutPort = portless(text);
  if (withoutPort !== null) return { kind: 'client', client: withoutPort };
  if (isBlank(text)) return { kind: 'blank', blank: text };
  // Digits and dots alone are no name.
  if (isHostName(text) && !/^[\d.]+$/.test(text)) return { kind: 'client', client: text };
  return { kind: 'blank', blank: text };
}

function isBlank(text: string): boolean {
  if (/^localhost$/i.test(text)) return false;
  if (PLACEHOLDER.test(text) || REMOVED.test(text)) return true;
  const labels = text.split('.');
  const isLong = labels.length > 2 || /^\d/.test(text);
  const isMasked = isLong && labels.every((label) => MASKED_LABEL.test(label));
  return isMasked || /^[xX*#?._-]{2,40}$/.test(text);
}

/** `192.0.2.7:51234` and `[2001:db8::5]:51234`; null = another text. */
function portless(text: string): string | null {
  const { four, six } =
    /^(?:(?<four>\d{1,3}(?:\.\d{1,3}){3})|\[(?<six>[\da-fA-F:.]{2,45})\]):\d{1,5}$/.exec(text)
      ?.groups ?? {};
  const address = four ?? six;
  return address !== undefined && parseAddress(address) !== null ? address : null;
}
