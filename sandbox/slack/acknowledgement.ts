/** Checks the body of an acknowledgement for each kind of act, and applies it. */
import { z } from 'zod';
import type { Delivery } from './delivery.ts';
import { flawsOf } from './drawing-rules.ts';
import { answer } from './response-url.ts';
import { detailsOf, done, type Hook, type Outcome, refused, type Slack } from './slack.ts';
import { option, optionGroup } from './text-rules.ts';
import type { View } from './view.ts';
import { changeView, closeAll, closeView, pushView, withDraft } from './view-methods.ts';
import { record, type Via } from './workspace-state.ts';

/** Where the body of an acknowledgement goes. */
export type Addressee =
  /** A command: the body is an answer to the person. */
  | { readonly kind: 'hook'; readonly hook: Hook }
  /** A submission: the body changes the view. */
  | { readonly kind: 'view'; readonly view: View; readonly interaction: string }
  /** An external menu: the body has the options. */
  | { readonly kind: 'options' }
  /** Clicks, shortcuts, events: the body is ignored. */
  | { readonly kind: 'nobody' };

export function takeAcknowledgement(slack: Slack, to: Addressee, body: unknown): Outcome {
  switch (to.kind) {
    case 'hook':
      return body === undefined ? done() : answer(slack, to.hook, body, 'ack');
    case 'view':
      return respondToSubmission(slack, to.view, body, {
        how: 'ack',
        interaction: to.interaction,
      });
    case 'options':
      return checkOptions(body);
    case 'nobody':
      return body === undefined ? done() : refused('payload_not_accepted', ['expected no body']);
  }
}

export function acceptsBody(type: Delivery['type'], to: Addressee): boolean {
  return type !== 'events_api' && to.kind !== 'nobody';
}

const viewResponse = z.discriminatedUnion('response_action', [
  z.strictObject({ response_action: z.literal('clear') }),
  z.strictObject({ response_action: z.literal('update'), view: z.unknown() }),
  z.strictObject({ response_action: z.literal('push'), view: z.unknown() }),
  z.strictObject({
    response_action: z.literal('errors'),
    errors: z.record(z.string(), z.string().min(1)),
  }),
]);

function respondToSubmission(slack: Slack, view: View, body: unknown, via: Via): Outcome {
  const { state } = slack;
  if (body === undefined) {
    closeView(state, view, via);
    return done();
  }
  const parsed = viewResponse.safeParse(body);
  if (!parsed.success) {
    return refused('invalid_response_action', detailsOf(flawsOf(parsed.error, '')));
  }
  const response = parsed.data;
  switch (response.response_action) {
    case 'clear':
      closeAll(state, view.user, via);
      return done();
    case 'update':
      return withDraft(response.view, 'modal', (draft) => {
        changeView(state, view, draft, via);
        return done();
      });
    case 'push':
      return withDraft(response.view, 'modal', (draft) =>
        pushView(state, view.user, draft, via) === null
          ? refused('push_limit_reached', ['at most 3 views'])
          : done(),
      );
    case 'errors':
      return showErrors(slack, view, response.errors, via);
  }
}

/** Errors must name input blocks of the view; otherwise the person only sees that the submission failed. */
function showErrors(
  slack: Slack,
  view: View,
  errors: Readonly<Record<string, string>>,
  via: Via,
): Outcome {
  const { state } = slack;
  const inputs = view.blocks.filter(({ type }) => type === 'input').map((one) => one.block_id);
  const stray = Object.keys(errors).filter((id) => !inputs.includes(id));
  if (stray.length > 0) {
    return refused('invalid_errors', [`no input block ${stray.join(', ')}`]);
  }
  const marked = { ...view, errors };
  state.modals.set(view.id, marked);
  record(state, { kind: 'modal-changed', view: marked, via, at: state.clock() });
  return done();
}

const suggestions = z.union([
  z.strictObject({ options: z.array(option).max(100) }),
  z.strictObject({ option_groups: z.array(optionGroup).max(100) }),
]);

function checkOptions(body: unknown): Outcome {
  const parsed = suggestions.safeParse(body);
  return parsed.success ? done() : refused('invalid_options', detailsOf(flawsOf(parsed.error, '')));
}
