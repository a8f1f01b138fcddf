import { isInNetwork, parseAddress } from '../hostcache/address.ts';
import type { Observation } from './observe.ts';
import { ALERT_RULE_IDS, type AlertRuleId } from './rules/index.ts';

/** A silence: what is not reported for a while, who decided that, and why. */
export interface Silence {
  /** `SI-3`. */
  readonly id: string;
  readonly matcher: SilenceMatcher;
  readonly reason: string;
  readonly by: string;
  readonly createdAt: Date;
  readonly endsAt: Date;
}

export type SilenceMatcher =
  | { readonly kind: 'server'; readonly server: string }
  /** A single address is a network of full length. */
  | ({ readonly kind: 'network'; readonly address: string; readonly bits: number } & OnOne)
  | ({ readonly kind: 'rule'; readonly rule: AlertRuleId } & OnOne);

interface OnOne {
  /** Absent = on every server. */
  readonly server?: string;
}

/**
 * The silence of this host of this rule that ends last; null = it is not silenced. An address of
 * null stands for the server as a whole.
 */
export type SilenceOf = (rule: AlertRuleId, address: string | null) => Silence | null;

export function silencedBy(silences: readonly Silence[], server: string): SilenceOf {
  const lastFirst = silences.toSorted((a, b) => b.endsAt.getTime() - a.endsAt.getTime());
  return (rule, address) =>
    lastFirst.find(({ matcher }) => hides(matcher, { server, rule, address })) ?? null;
}

/** What silences the rule as a whole, or all of these hosts; null = something is not silenced. */
export function silenceOfAll(
  rule: AlertRuleId,
  hosts: readonly { readonly address: string }[],
  silenceOf: SilenceOf,
): Silence | null {
  const whole = silenceOf(rule, null);
  if (whole !== null) return whole;
  const each = hosts.map(({ address }) => silenceOf(rule, address));
  const found = each.filter((silence) => silence !== null);
  // The first one to end: until then, all of them are silenced.
  const [first = null] = found.sort((a, b) => a.endsAt.getTime() - b.endsAt.getTime());
  return found.length === each.length ? first : null;
}

function hides(
  matcher: SilenceMatcher,
  { server, rule, address }: { server: string; rule: AlertRuleId; address: string | null },
): boolean {
  if (matcher.server !== undefined && matcher.server !== server) return false;
  switch (matcher.kind) {
    case 'server':
      return true;
    case 'rule':
      return matcher.rule === rule;
    case 'network':
      return address !== null && contains(matcher, address);
  }
}

/** The number of silenced hosts, summed over these rules. */
export function countSilenced(observations: readonly Observation[], silenceOf: SilenceOf): number {
  return observations.flatMap(({ rule, hosts }) =>
    hosts.filter(({ address }) => silenceOf(rule, address) !== null),
  ).length;
}

/** Reads `10.0.0.0/8`, an address, a server's name or a rule; null = it is none of these. */
export function parseMatcher(text: string, servers: readonly string[]): SilenceMatcher | null {
  if (servers.includes(text)) return { kind: 'server', server: text };
  const rule = ALERT_RULE_IDS.find((each) => each === text);
  if (rule !== undefined) return { kind: 'rule', rule };
  const [base = '', length, ...others] = text.split('/');
  const address = parseAddress(base);
  if (address === null || others.length > 0) return null;
  const full = address.family === 4 ? 32 : 128;
  const bits = length === undefined ? full : Number(length);
  if (!/^\d+$/.test(length ?? '0') || bits > full) return null;
  return { kind: 'network', address: address.text, bits };
}

/** `10.0.0.0/8`, `main`, `null-host on main`: in the form that people type. */
export function matcherText(matcher: SilenceMatcher): string {
  if (matcher.kind === 'server') return matcher.server;
  const what = matcher.kind === 'rule' ? matcher.rule : networkText(matcher);
  return matcher.server === undefined ? what : `${what} on ${matcher.server}`;
}

function networkText({ address, bits }: Extract<SilenceMatcher, { kind: 'network' }>): string {
  return bits === (address.includes(':') ? 128 : 32) ? address : `${address}/${bits}`;
}

/** A silence as `--json` prints it. */
export function silenceRow({ id, matcher, reason, by, createdAt, endsAt }: Silence): object {
  return { id, what: matcherText(matcher), reason, by, createdAt, endsAt };
}

function contains(
  network: { readonly address: string; readonly bits: number },
  text: string,
): boolean {
  const [base, address] = [parseAddress(network.address), parseAddress(text)];
  return base !== null && address !== null && isInNetwork(address, base, network.bits);
}
