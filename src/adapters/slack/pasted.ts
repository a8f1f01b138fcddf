/** Undoes what Slack's composer does to pasted text. */

/** `<https://example.com>`; with a label: `<http://a.example.com|a.example.com>`. */
const LINK = /<((?:https?:\/\/|mailto:|tel:)[^<>|]*)(?:\|([^<>]+))?>/g;

/** Text in backticks, which keep Slack from changing it. */
const FENCED = /(`{3}|`)([^`]+)\1/g;

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
