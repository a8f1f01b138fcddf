import { count } from '../chat/lists.ts';
import type { AlertCard } from './card.ts';
import { ALERT_RULE_IDS, type AlertRuleId, ruleOf } from './rules/index.ts';
import type { AlertHost } from './rules/rule.ts';

/** An alert: one rule on one server, with its hosts; one root message in the server's channel. */
export interface Alert {
  /** `AL-7`. */
  readonly id: string;
  readonly server: string;
  readonly rule: AlertRuleId;
  readonly state: AlertState;
  /** The hosts that have the problem now; empty if the rule is about the server as a whole. */
  readonly hosts: readonly AlertHost[];
  /** What is true of the server as a whole; null = there is nothing beyond the hosts. */
  readonly fact: string | null;
  readonly openedAt: Date;
  /** When hosts or state last changed. */
  readonly changedAt: Date;
  /** null = open. */
  readonly resolvedAt: Date | null;
  /**
   * Why hosts left it since it was raised or returned, one proof per host, the latest last:
   * `240.221.242.64: a login reset its connect errors to 0`.
   */
  readonly proofs: readonly string[];
  /** null = by nobody. */
  readonly acknowledged: { readonly by: string; readonly at: Date } | null;
  readonly card: AlertCard;
  /** 0 = never saved. Each save adds 1, and a save with an old revision is refused. */
  readonly revision: number;
}

/**
 * `pending` = seen once, and posted if it is seen again, because DNS faults are often brief; with
 * `resolvedAt`, it ended before it was posted.
 */
export type AlertState = 'pending' | 'firing' | 'acknowledged' | 'resolved';

/** `3 blocked hosts`, or `blocked hosts` if none is left; `The host cache is full`. */
export function alertTitle({ rule, hosts }: Pick<Alert, 'rule' | 'hosts'>): string {
  const { title } = ruleOf(rule);
  if (typeof title === 'string') return title;
  return hosts.length === 0 ? title.many : count(hosts.length, title.one, title.many);
}

/** The alert at that time: without a silence that has ended since it was saved. */
export function alertAt(alert: Alert, now: Date): Alert {
  const { silence } = alert.card;
  const isEnded = silence !== null && silence.endsAt <= now;
  return isEnded ? { ...alert, card: { ...alert.card, silence: null } } : alert;
}

/** In the order of the catalogue of rules; within one rule, the longest open first. */
export function worstFirst(a: Alert, b: Alert): number {
  const place = ALERT_RULE_IDS.indexOf(a.rule) - ALERT_RULE_IDS.indexOf(b.rule);
  return place || a.openedAt.getTime() - b.openedAt.getTime();
}
