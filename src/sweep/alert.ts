import type { RuleId } from '../diagnosis/rule.ts';

/** One rule on one server, with its hosts: one root message in the server's channel. */
export interface Alert {
  /** `AL-7`. */
  readonly id: string;
  readonly server: string;
  readonly rule: AlertRuleId;
  readonly state: AlertState;
  /** Those that have it now, by address; empty where the rule is of the whole server. */
  readonly hosts: readonly AlertHost[];
  /** What is said of the server as a whole; null where the hosts say it all. */
  readonly fact: string | null;
  readonly openedAt: Date;
  /** When hosts or state last changed. */
  readonly changedAt: Date;
  /** null: open. */
  readonly resolvedAt: Date | null;
  /** How each host left it, the last ones: `240.221.242.64: a login set its errors back to 0`. */
  readonly proofs: readonly string[];
  /** null: nobody. */
  readonly acknowledged: { readonly by: string; readonly at: Date } | null;
  /** 0 = never saved; counts up with each save, and a save with an old one is refused. */
  readonly revision: number;
}

/** `pending`: seen once, told when it is seen again (a passing DNS fault); with `resolvedAt` it passed untold. */
export type AlertState = 'pending' | 'firing' | 'acknowledged' | 'resolved';

/** The rules that sweeps alert on, in the order in which a DBA should hear of them. */
export const ALERT_RULES = [
  'server-unreadable',
  'blocked-host',
  'near-block',
  'null-host',
  'stale-host',
  'dns-failing',
  'cache-full',
  'handshake-pileup',
  'too-many-connections',
] as const satisfies readonly RuleId[];

export type AlertRuleId = (typeof ALERT_RULES)[number];

export interface AlertHost {
  readonly address: string;
  /** The name that the server holds; null = none. */
  readonly name: string | null;
  /** What is wrong with it, in one line: `100 of 100 connect errors`. */
  readonly says: string;
  /** null: the server does not tell. */
  readonly sinceAt: Date | null;
}
