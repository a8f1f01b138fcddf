/** Slack's rules for texts, options and confirmation dialogs, which blocks and elements share. */
import { z } from 'zod';

/** A string of `min` to `max` characters. */
export const words = (max: number, min = 1) => z.string().min(min).max(max);

/** The rule for `block_id`, `action_id` and `callback_id`. */
export const identifier = words(255);

export const plain = (max: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: words(max),
    emoji: z.boolean().optional(),
  });

export const mrkdwn = (max: number) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: words(max),
    verbatim: z.boolean().optional(),
  });

export const either = (max: number) => z.discriminatedUnion('type', [plain(max), mrkdwn(max)]);

export const colour = z.enum(['primary', 'danger']);

/** https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
export const confirmation = z.strictObject({
  title: plain(100).optional(),
  text: either(300),
  confirm: plain(30).optional(),
  deny: plain(30).optional(),
  style: colour.optional(),
});

/** 75 characters for text, value and description; of Slack's two documented limits, the stricter one. */
export const option = z.strictObject({
  text: plain(75),
  value: words(75),
  description: plain(75).optional(),
});

/** The options of radio buttons and checkboxes may have mrkdwn. */
export const richOption = z.strictObject({
  text: either(75),
  value: words(75),
  description: either(75).optional(),
});

/** The page that a button or an option opens: a web address of at most 3000 characters. */
export const page = z
  .string()
  .max(3000)
  .regex(/^https?:\/\/\S+$/);

export const overflowOption = option.extend({ url: page.optional() });

export const optionGroup = z.strictObject({
  label: plain(75),
  options: z.array(option).min(1).max(100),
});

const slackFile = z.union([
  z.strictObject({ id: z.string() }),
  z.strictObject({ url: z.string() }),
]);

/** An image's source. Slack fetches it, so it is a web address, of at most 3000 characters. */
export const imageSource = {
  image_url: z
    .string()
    .max(3000)
    .regex(/^https?:\/\//)
    .optional(),
  slack_file: slackFile.optional(),
};
