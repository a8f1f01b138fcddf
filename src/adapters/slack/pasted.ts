import { z } from 'zod';

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

const attachmentRule = z.object({
  pretext: z.string().nullish(),
  text: z.string().nullish(),
  fallback: z.string().nullish(),
});

/** A posted message; monitoring tools post their text as attachments. */
export const postedRule = z.object({
  text: z.string().default(''),
  attachments: z.array(attachmentRule).optional().catch(undefined),
});

/** The text of a posted message, as if pasted. A final `publicly` is removed: it is no option. */
export function asPasted({ text, attachments = [] }: z.output<typeof postedRule>): string {
  const parts = attachments.flatMap((each) => [each.pretext, each.text || each.fallback]);
  const words = [text, ...parts].filter((part) => part != null && part !== '').join('\n');
  return asTyped(words).replace(/\s+publicly\s*$/i, '');
}
