/** A modal or an App Home tab of one person. */
import type { Block } from './message.ts';

export interface View {
  readonly kind: 'view';
  readonly id: string;
  readonly type: 'modal' | 'home';
  /** The person who sees it. */
  readonly user: string;
  readonly title: string;
  readonly submit: string | null;
  readonly close: string | null;
  readonly blocks: readonly Block[];
  readonly callbackId: string;
  readonly privateMetadata: string;
  readonly externalId: string;
  readonly clearOnClose: boolean;
  readonly notifyOnClose: boolean;
  /** Changes with every update, so that an app can detect races. */
  readonly hash: string;
  readonly rootId: string;
  readonly previousId: string | null;
  /** The app's errors about the last submission, by block id. */
  readonly errors: Readonly<Record<string, string>>;
}

/** A view from the app, already checked. */
export interface ViewDraft {
  readonly type: 'modal' | 'home';
  readonly title?: { readonly text: string };
  readonly submit?: { readonly text: string };
  readonly close?: { readonly text: string };
  readonly blocks: readonly Block[];
  readonly callback_id?: string;
  readonly private_metadata?: string;
  readonly external_id?: string;
  readonly clear_on_close?: boolean;
  readonly notify_on_close?: boolean;
}

export interface ViewFrame {
  readonly teamId: string;
  readonly appId: string;
  readonly botId: string;
}

/** `values` is the state of the inputs, by block id and action id. */
export function viewJson(view: View, frame: ViewFrame, values: object = {}): object {
  const plain = (text: string | null) =>
    text === null ? null : { type: 'plain_text', text, emoji: true };
  return {
    id: view.id,
    team_id: frame.teamId,
    type: view.type,
    blocks: view.blocks,
    private_metadata: view.privateMetadata,
    callback_id: view.callbackId,
    state: { values },
    hash: view.hash,
    title: plain(view.type === 'home' ? 'View Title' : view.title),
    clear_on_close: view.clearOnClose,
    notify_on_close: view.notifyOnClose,
    close: plain(view.close),
    submit: plain(view.submit),
    previous_view_id: view.previousId,
    root_view_id: view.rootId,
    app_id: frame.appId,
    external_id: view.externalId,
    app_installed_team_id: frame.teamId,
    bot_id: frame.botId,
  };
}
