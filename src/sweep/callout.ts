import type { Block, LinkButton } from '../chat/message.ts';
import type { Alert } from './alert.ts';

/** Who is called when an alert fires, and the page that tells them what to do. From the settings. */
export interface Callout {
  /** Ids of people and user groups; empty = nobody. */
  readonly mention: readonly string[];
  /** With `{server}` and `{rule}` to fill in; null = none. */
  readonly runbookUrl: string | null;
}

export const NO_CALLOUT: Callout = { mention: [], runbookUrl: null };

/** The line that mentions them. It stays in edits, which notify nobody; a silenced alert has none. */
export function callBlocks({ card }: Pick<Alert, 'card'>, { mention }: Callout): readonly Block[] {
  const ids = [...new Set(mention)];
  return ids.length === 0 || card.silence !== null ? [] : [{ kind: 'call', ids }];
}

export function runbookLinks(
  { rule, server }: Pick<Alert, 'rule' | 'server'>,
  { runbookUrl }: Callout,
): readonly LinkButton[] {
  if (runbookUrl === null) return [];
  const says = `Open the runbook for ${rule} on ${server}`;
  return [{ label: 'Runbook', url: filled(runbookUrl, { server, rule }), says }];
}

/** The URL with each name in place of its `{…}`, in characters that every platform takes. */
function filled(template: string, names: Readonly<Record<'server' | 'rule', string>>): string {
  const url = template
    .replaceAll('{server}', encodeURIComponent(names.server))
    .replaceAll('{rule}', encodeURIComponent(names.rule));
  return /^[!-~]+$/.test(url) ? url : new URL(url).href;
}
