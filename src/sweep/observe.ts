import type { ServerLook } from './look.ts';
import { ALERT_RULES, type AlertRuleId, ruleOf } from './rules/index.ts';
import type { Observed, ObserveOptions } from './rules/rule.ts';

/** What one look shows for each rule that it can judge. Pure. */

export interface Observation extends Observed {
  readonly rule: AlertRuleId;
}

export function observe(look: ServerLook, options: ObserveOptions): readonly Observation[] {
  return ALERT_RULES.flatMap((rule) => {
    const observed = rule.observe(look, options);
    return observed === null ? [] : [{ rule: rule.id, ...observed }];
  });
}

export function isFiring({ hosts, fact }: Observed): boolean {
  return hosts.length > 0 || fact !== null;
}

/** Leaves out rules that a greater fault explains, unless they have an open alert. */
export function inhibit(
  observations: readonly Observation[],
  openRules: ReadonlySet<AlertRuleId>,
): readonly Observation[] {
  const faults = observations.filter(({ fact }) => fact !== null).map(({ rule }) => ruleOf(rule));
  return observations.filter(
    ({ rule }) =>
      openRules.has(rule) || !ruleOf(rule).inhibitedBy?.some((fault) => faults.includes(fault)),
  );
}
