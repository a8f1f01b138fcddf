/** trigger_ids: each is permission to open one modal, within the deadline after the person's act. */
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Outcome, Slack, Trigger } from './slack.ts';

export function giveTrigger(slack: Slack, user: string, interaction: string): Trigger {
  const { team } = slack.state;
  const id = `${slack.triggers.size + 1}.${team.id}.${randomBytes(16).toString('hex')}`;
  const trigger: Trigger = {
    id,
    user,
    interaction,
    // Real time: a test that moves the workspace's clock must not make the app late.
    givenAtMs: performance.now(),
    isUsed: false,
    view: null,
  };
  slack.triggers.set(id, trigger);
  return trigger;
}

export function spendTrigger(slack: Slack, id: string): Trigger | (Outcome & { kind: 'refused' }) {
  const trigger = slack.triggers.get(id);
  if (trigger === undefined) {
    return refusedTrigger('invalid_trigger_id', id);
  }
  if (trigger.isUsed) {
    return refusedTrigger('exchanged_trigger_id', id);
  }
  trigger.isUsed = true;
  return performance.now() - trigger.givenAtMs > slack.deadlineMs
    ? refusedTrigger('expired_trigger_id', id)
    : trigger;
}

function refusedTrigger(error: string, id: string) {
  return { kind: 'refused' as const, error, details: [`trigger_id ${id}`], more: {} };
}
