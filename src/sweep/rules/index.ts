import { blockedHost, nearBlock } from './blocks.ts';
import { failingLogins } from './logins.ts';
import { dnsFailing, nullHost, staleHost } from './names.ts';
import type { AlertRule } from './rule.ts';
import { cacheFull, handshakePileup, serverUnreadable, tooManyConnections } from './server.ts';

/** The catalogue of alert rules, most important first. */
export const ALERT_RULES = [
  serverUnreadable,
  blockedHost,
  nearBlock,
  failingLogins,
  nullHost,
  staleHost,
  dnsFailing,
  cacheFull,
  handshakePileup,
  tooManyConnections,
] as const satisfies readonly AlertRule[];

export type AlertRuleId = (typeof ALERT_RULES)[number]['id'];

export const ALERT_RULE_IDS: readonly AlertRuleId[] = ALERT_RULES.map(({ id }) => id);

export function ruleOf(id: AlertRuleId): AlertRule {
  const rule = ALERT_RULES.find((each) => each.id === id);
  if (rule === undefined) throw new Error(`no alert rule is called ${id}`);
  return rule;
}
