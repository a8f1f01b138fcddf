/** The result of one act of a person: the acknowledgement and all answers, live. */
import type { Delivery, Receipt } from './delivery.ts';
import type { Ephemeral, Message } from './message.ts';
import { plainText } from './shown.ts';
import type { Slack } from './slack.ts';
import type { View } from './view.ts';
import { until } from './workspace.ts';
import type { Happening, State } from './workspace-state.ts';

/** An answer to the person through the acknowledgement or the response_url. */
export interface Answer {
  readonly via: 'ack' | 'response_url';
  /** The message as it was at that time; the workspace has its current state. */
  readonly shown: Message | Ephemeral;
  /** The visible text. */
  readonly text: string;
  readonly isPrivate: boolean;
  /** It replaced an earlier message. */
  readonly replaced: boolean;
  readonly at: Date;
}

export interface Interaction {
  readonly id: string;
  readonly user: string;
  readonly ackBody: unknown;
  /** The failure that the person saw; null = acknowledged by the deadline. */
  readonly failure: string | null;
  /** What was delivered to the app. */
  readonly delivery: Delivery;
  readonly responseUrl: string | null;
  /** All answers so far. */
  readonly answers: readonly Answer[];
  /** The modal that it opened, in its current or last state; null = none. */
  readonly modal: View | null;
  /** The first answer that matches; by default the first that is not a placeholder. Rejects after WAIT_MS. */
  answer(wanted?: RegExp): Promise<Answer>;
  /** Waits for the modal to open. Rejects after WAIT_MS. */
  opened(): Promise<View>;
  /** All answers, once no new one has come for `quietMs`. */
  settled(quietMs?: number): Promise<readonly Answer[]>;
}

/** An answer that is not a placeholder; a placeholder is one word with an ellipsis, such as "Looking…". */
const ANSWER = /^(?!\w+…$)/;

export interface Act {
  readonly id: string;
  readonly user: string;
  readonly delivery: Delivery;
  readonly responseUrl: string | null;
}

export function createInteraction(
  slack: Slack,
  act: Act,
  receipt: Receipt,
  failure: string | null,
): Interaction {
  const { state } = slack;
  const answers = answersTo(state, act.id);
  const modal = () => modalOf(slack, act.id);
  return {
    ...act,
    ackBody: receipt.body,
    failure,
    get answers() {
      return answers();
    },
    get modal() {
      return modal();
    },
    answer: (wanted = ANSWER) =>
      until(state, () => answers().find(({ text }) => wanted.test(text))),
    opened: () => until(state, modal),
    settled: async (quietMs = 300) => {
      let before = -1;
      while (before !== answers().length) {
        before = answers().length;
        await new Promise((resolve) => setTimeout(resolve, quietMs));
      }
      return answers();
    },
  };
}

/** Each call reads what has happened since the last one. */
function answersTo({ happenings }: State, interaction: string): () => readonly Answer[] {
  let answers: readonly Answer[] = [];
  let read = 0;
  return () => {
    const more = happenings.slice(read).flatMap((one) => answerOf(one, interaction));
    read = happenings.length;
    if (more.length > 0) answers = [...answers, ...more];
    return answers;
  };
}

function answerOf(happening: Happening, interaction: string): readonly Answer[] {
  const { via, at, kind } = happening;
  const isAnswer =
    via.interaction === interaction && (via.how === 'ack' || via.how === 'response_url');
  if (!isAnswer) {
    return [];
  }
  // Compared above, so it is one of the two.
  const how = via.how as Answer['via'];
  switch (kind) {
    case 'posted':
    case 'edited': {
      const { message: shown } = happening;
      const text = plainText(shown);
      return [{ via: how, shown, text, isPrivate: false, replaced: kind === 'edited', at }];
    }
    case 'whispered':
    case 'rewhispered': {
      const { ephemeral: shown } = happening;
      const text = plainText(shown);
      return [{ via: how, shown, text, isPrivate: true, replaced: kind === 'rewhispered', at }];
    }
    case 'deleted':
    case 'unwhispered':
    case 'modal-opened':
    case 'modal-changed':
    case 'modal-closed':
    case 'home-published':
    case 'forgotten':
      return [];
  }
}

function modalOf({ state, triggers }: Slack, interaction: string): View | null {
  const trigger = [...triggers.values()].find((one) => one.interaction === interaction);
  const id = trigger?.view ?? null;
  if (id === null) {
    return null;
  }
  const last = state.happenings.findLast((one) => 'view' in one && one.view.id === id);
  const closed = last !== undefined && 'view' in last ? last.view : null;
  return state.modals.get(id) ?? closed;
}
