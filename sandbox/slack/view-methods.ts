/** views.*: modals by a trigger_id, App Home by a user id. https://docs.slack.dev/reference/methods */
import { z } from 'zod';
import { keptBlocks } from './conversation-rules.ts';
import { flawsOfView } from './drawing-rules.ts';
import type { Drawn } from './shown.ts';
import {
  detailsOf,
  done,
  type Method,
  method,
  type Outcome,
  refused,
  type Slack,
  type Trigger,
} from './slack.ts';
import { spendTrigger } from './triggers.ts';
import { type View, type ViewDraft, viewJson } from './view.ts';
import { changed, nextId, record, type State, type Via } from './workspace-state.ts';

/** Slack allows three modals on top of each other. https://docs.slack.dev/surfaces/modals */
const STACK = 3;

const open = method({
  args: { trigger_id: z.string().min(1), view: z.unknown() },
  run: ({ trigger_id, view }, slack) =>
    withDraft(view, 'modal', (draft) => {
      const trigger = spendTrigger(slack, trigger_id);
      if ('kind' in trigger) {
        return trigger;
      }
      const via = { how: 'views.open', interaction: trigger.interaction };
      closeAll(slack.state, trigger.user, via);
      const opened = show(slack.state, draft, { user: trigger.user, under: null }, via);
      spentOn(slack.state, trigger, opened);
      return shown(slack, opened);
    }),
});

const push = method({
  args: { trigger_id: z.string().min(1), view: z.unknown() },
  run: ({ trigger_id, view }, slack) =>
    withDraft(view, 'modal', (draft) => {
      const trigger = spendTrigger(slack, trigger_id);
      if ('kind' in trigger) {
        return trigger;
      }
      const pushed = pushView(slack.state, trigger.user, draft, {
        how: 'views.push',
        interaction: trigger.interaction,
      });
      if (pushed === null) {
        return refused('push_limit_reached', [`at most ${STACK} views, on an open one`]);
      }
      spentOn(slack.state, trigger, pushed);
      return shown(slack, pushed);
    }),
});

const update = method({
  args: {
    view_id: z.string().optional(),
    external_id: z.string().optional(),
    hash: z.string().optional(),
    view: z.unknown(),
  },
  run: ({ view_id, external_id, hash, view }, slack) =>
    withDraft(view, 'modal', (draft) => {
      const before = [...slack.state.modals.values()].find(
        (one) =>
          one.id === view_id || (external_id !== undefined && one.externalId === external_id),
      );
      if (before === undefined) {
        return refused('not_found', [`no open view ${view_id ?? external_id}`]);
      }
      if (hash !== undefined && hash !== before.hash) {
        return refused('hash_conflict', [`the view is at ${before.hash}`]);
      }
      const via = { how: 'views.update', interaction: null };
      return shown(slack, changeView(slack.state, before, draft, via));
    }),
});

const publish = method({
  args: {
    user_id: z.string().min(1),
    view: z.unknown(),
    hash: z.string().optional(),
  },
  run: ({ user_id, view, hash }, slack) =>
    withDraft(view, 'home', (draft) => {
      const { state, declared } = slack;
      if (!state.users.has(user_id)) {
        return refused('invalid_arguments', [`[ERROR] no such user [json-pointer:/user_id]`]);
      }
      if (!declared.hasHomeTab) {
        return refused('not_enabled', ['the manifest has home_tab_enabled: false']);
      }
      const before = state.homes.get(user_id);
      if (hash !== undefined && before !== undefined && hash !== before.hash) {
        return refused('hash_conflict', [`the view is at ${before.hash}`]);
      }
      const home = viewOf(state, draft, {
        id: before?.id ?? nextId(state, 'V'),
        user: user_id,
        under: null,
      });
      state.homes.set(user_id, home);
      const via = { how: 'views.publish', interaction: null };
      record(state, { kind: 'home-published', view: home, via, at: state.clock() }, drawn(home));
      return shown(slack, home);
    }),
});

export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};

/** Adds a view on top of the person's open modals; null = none is open, or three are. */
export function pushView(state: State, user: string, draft: ViewDraft, via: Via): View | null {
  const stack = [...state.modals.values()].filter((view) => view.user === user);
  const top = stack.at(-1);
  return top === undefined || stack.length >= STACK
    ? null
    : show(state, draft, { user, under: top }, via);
}

export function changeView(state: State, before: View, draft: ViewDraft, via: Via): View {
  const view: View = {
    ...viewOf(state, draft, { id: before.id, user: before.user, under: null }),
    rootId: before.rootId,
    previousId: before.previousId,
  };
  state.modals.set(view.id, view);
  record(state, { kind: 'modal-changed', view, via, at: state.clock() }, drawn(view));
  return view;
}

export function closeView(state: State, view: View, via: Via): void {
  if (state.modals.delete(view.id)) {
    record(state, { kind: 'modal-closed', view, via, at: state.clock() });
  }
}

export function closeAll(state: State, user: string, via: Via): void {
  const open = [...state.modals.values()].filter((view) => view.user === user);
  for (const view of open.reverse()) {
    closeView(state, view, via);
  }
}

/** Checks a view from a method or an acknowledgement, then calls `run` with it. */
export function withDraft(
  view: unknown,
  type: ViewDraft['type'],
  run: (draft: ViewDraft) => Outcome,
): Outcome {
  const flaws = flawsOfView(view);
  if (flaws.length > 0) {
    return refused('invalid_arguments', detailsOf(flaws));
  }
  // flawsOfView has parsed it.
  const draft = view as ViewDraft;
  return draft.type === type
    ? run(draft)
    : refused('invalid_arguments', [`[ERROR] expected ${type} [json-pointer:/view/type]`]);
}

/** A view has no channel, so its links and mentions are recorded under its id. */
function drawn({ id, blocks }: View): Drawn & { readonly channel: string; readonly ts: string } {
  return { blocks, channel: id, ts: '' };
}

function spentOn(state: State, trigger: Trigger, view: View): void {
  trigger.view = view.id;
  changed(state);
}

interface Standing {
  readonly user: string;
  readonly under: View | null;
}

function show(state: State, draft: ViewDraft, standing: Standing, via: Via): View {
  const view = viewOf(state, draft, { id: nextId(state, 'V'), ...standing });
  state.modals.set(view.id, view);
  record(state, { kind: 'modal-opened', view, via, at: state.clock() }, drawn(view));
  return view;
}

function viewOf(
  state: State,
  draft: ViewDraft,
  standing: Standing & { readonly id: string },
): View {
  const { id, user, under } = standing;
  return {
    kind: 'view',
    id,
    type: draft.type,
    user,
    title: draft.title?.text ?? '',
    submit: draft.submit?.text ?? null,
    close: draft.close?.text ?? null,
    blocks: keptBlocks(draft.blocks, () => nextId(state, 'b')),
    callbackId: draft.callback_id ?? '',
    privateMetadata: draft.private_metadata ?? '',
    externalId: draft.external_id ?? '',
    clearOnClose: draft.clear_on_close ?? false,
    notifyOnClose: draft.notify_on_close ?? false,
    hash: nextId(state, 'h'),
    rootId: under?.rootId ?? id,
    previousId: under?.id ?? null,
    errors: {},
  };
}

function shown(slack: Slack, view: View): Outcome {
  const { bot, team } = slack.state;
  const frame = { teamId: team.id, appId: bot.appId, botId: bot.botId };
  return done({ view: viewJson(view, frame) });
}
