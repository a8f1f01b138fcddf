/** What Slack's composer does to a pasted text, undone: the line as somebody meant it. */

/** `<http://merp.example.com|merp.example.com>`, `<tel:+49123|0123>`, `<mailto:a@example.com|a@example.com>`. */
const LABELLED = /<(?:https?:\/\/|mailto:|tel:)[^<>|]*\|([^<>]+)>/g;

/** `<https://example.com>`: a link that nobody labelled. */
const BARE = /<((?:https?:\/\/|mailto:|tel:)[^<>|]*)>/g;

/** A text put in backticks so that Slack leaves it alone. */
const FENCED = /(`{3}|`)([^`]+)\1/g;

export function asTyped(text: string): string {
  return (
    text
      .replace(LABELLED, '$1')
      .replace(BARE, '$1')
      .replace(FENCED, '$2')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      // Last, or `&amp;lt;` would lose both its layers.
      .replaceAll('&amp;', '&')
  );
}

/** What somebody posted; monitoring posts its words as attachments. */
export interface PostedMessage {
  readonly text: string;
  readonly attachments?:
    | readonly {
        readonly pretext?: string | null | undefined;
        readonly text?: string | null | undefined;
        readonly fallback?: string | null | undefined;
      }[]
    | undefined;
}

/** A posted message as if it had been pasted; nobody meant its last word as an option. */
export function asPasted({ text, attachments = [] }: PostedMessage): string {
  const parts = attachments.flatMap((each) => [each.pretext, each.text || each.fallback]);
  const words = [text, ...parts].filter((part) => part != null && part !== '').join('\n');
  return asTyped(words).replace(/\s+publicly\s*$/i, '');
}
