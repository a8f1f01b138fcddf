import { releaseOf } from '../hostcache/release.ts';
import type { Post, PostContent } from '../outbox/store.ts';
import type { Alert } from './alert.ts';
import type { ServerLook } from './look.ts';
import { alertMessage, changeMessage, HOSTS_IN_TABLE, hostsFile } from './messages.ts';
import type { Observation } from './observe.ts';
import type { Change } from './reconcile.ts';
import { ruleOf } from './rules/index.ts';
import { countSilenced, type IsSilenced } from './silence.ts';

/** The posts about a change: a root message once, then edits of it and replies in its thread. */

export interface TellingContext {
  readonly look: ServerLook;
  readonly channel: string;
  readonly observations: readonly Observation[];
  readonly isSilenced: IsSilenced;
  readonly queuedAt: Date;
}

export function postsOf(alert: Alert, change: Change, context: TellingContext): readonly Post[] {
  const { channel, queuedAt, look, observations, isSilenced } = context;
  const ofRule = observations.filter(({ rule }) => rule === alert.rule);
  const message = alertMessage(alert, {
    note: noteOf(alert, look),
    silenced: countSilenced(ofRule, isSilenced),
  });
  return contentsOf(alert, change, message).map((content, part) => ({
    // The revision grows with each save, so two changes never have the same post ids.
    id: `${alert.id}/${alert.revision + 1}/${part}`,
    channel,
    subject: alert.id,
    content,
    queuedAt,
  }));
}

function noteOf({ rule }: Alert, look: ServerLook): string {
  const { note, flushHelps = false } = ruleOf(rule);
  const flush =
    flushHelps && look.settings.known
      ? `On this server, a flush runs ${releaseOf(look.settings.value).flush.sql}.`
      : '';
  return [note?.(look) ?? '', flush].filter((each) => each !== '').join(' ');
}

function contentsOf(
  alert: Alert,
  change: Change,
  message: ReturnType<typeof alertMessage>,
): readonly PostContent[] {
  const isLong = alert.hosts.length > HOSTS_IN_TABLE;
  const file = isLong ? [{ kind: 'file', ...hostsFile(alert) } as const] : [];
  const edit = { kind: 'edit', message } as const;
  switch (change.kind) {
    case 'pending':
    case 'forgotten':
      return [];
    case 'raised':
      return [{ kind: 'root', message }, ...file];
    case 'reworded':
      return [edit];
    case 'changed':
    case 'resolved':
    case 'returned': {
      // Hosts that were silenced in the meantime leave without a reply.
      if (!isNews(change)) return [edit];
      const isBroadcast = change.kind === 'returned';
      return [edit, { kind: 'reply', message: changeMessage(change), isBroadcast }, ...file];
    }
  }
}

function isNews({ kind, added, cleared, after }: Change): boolean {
  return kind !== 'changed' || added.length > 0 || cleared.length > 0 || after.fact !== null;
}
