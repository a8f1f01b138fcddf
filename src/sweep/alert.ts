import { count } from '../chat/lists.ts';
import { ALERT_RULE_IDS, type AlertRuleId, ruleOf } from './rules/index.ts';
import type { AlertHost } from './rules/rule.ts';

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

/** `3 blocked hosts`, `The host cache is full`. */
export function alertTitle({ rule, hosts }: Pick<Alert, 'rule' | 'hosts'>): string {
  const { title } = ruleOf(rule);
  return typeof title === 'string' ? title : count(hosts.length, title.one, title.many);
}

/** As the rules stand in the catalogue; of one rule the longest open. */
export function worstFirst(a: Alert, b: Alert): number {
  const place = ALERT_RULE_IDS.indexOf(a.rule) - ALERT_RULE_IDS.indexOf(b.rule);
  return place || a.openedAt.getTime() - b.openedAt.getTime();
}
