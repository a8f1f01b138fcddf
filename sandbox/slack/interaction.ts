/** What one act of a person came to: the acknowledgement, and everything that came back, as it comes. */
import type { Delivery, Receipt } from './delivery.ts';
import type { Ephemeral, Message } from './message.ts';
import { plainText } from './shown.ts';
import type { Slack } from './slack.ts';
import type { View } from './view.ts';
import { until } from './workspace.ts';
import type { Happening } from './workspace-state.ts';

/** Something said to the person through the acknowledgement or the response_url. */
export interface Answer {
  readonly via: 'ack' | 'response_url';
  /** As it was said then; the workspace knows what stands there now. */
  readonly shown: Message | Ephemeral;
  /** What the person reads. */
  readonly text: string;
  readonly isPrivate: boolean;
  /** It took the place of an earlier message. */
  readonly replaced: boolean;
  readonly at: Date;
}

export interface Interaction {
  readonly id: string;
  readonly user: string;
  /** Null = not within three seconds, or with an error: the person saw a failure. */
  readonly acknowledgedMs: number | null;
  readonly ackBody: unknown;
  /** What the person saw fail; null = nothing. */
  readonly failure: string | null;
  /** What was delivered to the app. */
  readonly delivery: Delivery;
  readonly responseUrl: string | null;
  /** All answers up to now. */
  readonly answers: readonly Answer[];
  /** The modal it opened, as it stands now or stood when it closed; null = none. */
  readonly modal: View | null;
  /** The first answer, or the first that reads so. Rejects after the time (5 s). */
  answer(wanted?: RegExp | number, timeoutMs?: number): Promise<Answer>;
  /** The modal, once it is open. Rejects after the time (5 s). */
  opened(timeoutMs?: number): Promise<View>;
  /** All answers, once nothing more has come for a while. */
  settled(quietMs?: number): Promise<readonly Answer[]>;
}

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
  const answers = () => state.happenings.flatMap((one) => answerOf(one, act.id));
  const modal = () => modalOf(slack, act.id);
  return {
    ...act,
    acknowledgedMs: receipt.acknowledgedMs,
    ackBody: receipt.body,
    failure,
    get answers() {
      return answers();
    },
    get modal() {
      return modal();
    },
    answer: (wanted, timeoutMs = 5000) => {
      const pattern = wanted instanceof RegExp ? wanted : /(?:)/;
      const timeout = typeof wanted === 'number' ? wanted : timeoutMs;
      return until(state, () => answers().find(({ text }) => pattern.test(text)), timeout);
    },
    opened: (timeoutMs = 5000) => until(state, modal, timeoutMs),
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

function answerOf(happening: Happening, interaction: string): readonly Answer[] {
  const { via, at, kind } = happening;
  const isAnswer =
    via.interaction === interaction && (via.how === 'ack' || via.how === 'response_url');
  if (!isAnswer) {
    return [];
  }
  // Compared a line above: one of the two.
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
