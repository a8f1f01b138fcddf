/** Undoes what Slack's composer does to pasted text. */

/** `<https://example.com>`; with a label: `<http://a.example.com|a.example.com>`. */
const LINK = /<((?:https?:\/\/|mailto:|tel:)[^<>|]*)(?:\|([^<>]+))?>/g;

/**
 * Text in backticks, which keep Slack from changing it. Beside a letter or a quote they are no markup
 * in Slack either, but part of a name: 'a`b`c'.
 */
const FENCED = /(?<![\p{L}\p{N}_'"`])(`{3}|`)([^`]+)\1(?![\p{L}\p{N}_'"`])/gu;

export function asTyped(text: string): string {
  return (
    text
      .replace(LINK, (_, url: string, label = url) => label)
      .replace(FENCED, '$2')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      // Last: otherwise `&amp;lt;` would be decoded twice.
      .replaceAll('&amp;', '&')
  );
}
