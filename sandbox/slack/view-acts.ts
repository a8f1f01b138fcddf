/** Submits and closes modals. */
import type { Addressee } from './acknowledgement.ts';
import { type Acting, begin, perform } from './act.ts';
import { known } from './furnish.ts';
import type { Interaction } from './interaction.ts';
import { closingPayload, submissionPayload } from './payloads.ts';
import { stateOf } from './submission.ts';
import { closeAll, closeView } from './view-methods.ts';

export async function submit(
  acting: Acting,
  as: string,
  viewId: string,
  given: Readonly<Record<string, string>>,
): Promise<Interaction> {
  const { slack } = acting;
  const begun = begin(slack, as);
  const view = known(slack.state.modals, viewId);
  if (view.user !== as || view.submit === null) {
    throw new Error(`sandbox Slack: ${as} has no submit button in view ${viewId}`);
  }
  const values = stateOf(view, given);
  const { user, triggerId, id } = begun;
  const payload = submissionPayload(slack, user, view, { values, triggerId });
  const to: Addressee = { kind: 'view', view: { ...view, errors: {} }, interaction: id };
  return perform(acting, begun, { type: 'interactive', payload, to, responseUrl: null });
}

export async function dismiss(
  acting: Acting,
  as: string,
  viewId: string,
  which: 'one' | 'all',
): Promise<Interaction | null> {
  const { slack } = acting;
  const begun = begin(slack, as);
  const view = known(slack.state.modals, viewId);
  const isCleared = which === 'all' || view.clearOnClose;
  const via = { how: 'person', interaction: begun.id };
  if (isCleared) {
    closeAll(slack.state, as, via);
  } else {
    closeView(slack.state, view, via);
  }
  const payload = closingPayload(slack, begun.user, view, isCleared);
  const to: Addressee = { kind: 'nobody' };
  return view.notifyOnClose
    ? perform(acting, begun, { type: 'interactive', payload, to, responseUrl: null })
    : null;
}
