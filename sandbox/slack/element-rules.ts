/** Slack's rules for buttons, menus and inputs. https://docs.slack.dev/reference/block-kit/block-elements */
import { z } from 'zod';
import {
  colour,
  confirmation,
  identifier,
  imageSource,
  option,
  optionGroup,
  overflowOption,
  page,
  plain,
  richOption,
  words,
} from './text-rules.ts';

const actionable = { action_id: identifier.optional() };
const confirmable = { confirm: confirmation.optional() };
const focusable = { focus_on_load: z.boolean().optional() };
const placeholdable = { placeholder: plain(150).optional() };
const several = { max_selected_items: z.number().int().min(1).optional() };
const dispatchable = {
  dispatch_action_config: z
    .strictObject({
      trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).min(1),
    })
    .optional(),
};
const menu = { ...actionable, ...confirmable, ...focusable, ...placeholdable };
const typed = { ...actionable, ...dispatchable, ...focusable, ...placeholdable };

const filter = z
  .strictObject({
    include: z.array(z.enum(['im', 'mpim', 'private', 'public'])).min(1),
    exclude_external_shared_channels: z.boolean(),
    exclude_bot_users: z.boolean(),
  })
  .partial()
  .optional();

const choices = {
  options: z.array(option).min(1).max(100).optional(),
  option_groups: z.array(optionGroup).min(1).max(100).optional(),
};

function kind<T extends string, S extends z.ZodRawShape>(type: T, shape: S) {
  return z.strictObject({ type: z.literal(type), ...shape });
}

export const image = kind('image', { ...imageSource, alt_text: words(2000) });

export const button = kind('button', {
  ...actionable,
  ...confirmable,
  text: plain(75),
  value: words(2000, 0).optional(),
  url: page.optional(),
  style: colour.optional(),
  accessibility_label: words(75).optional(),
});

const workflowButton = kind('workflow_button', {
  ...actionable,
  text: plain(75),
  workflow: z.looseObject({ trigger: z.looseObject({ url: words(3000) }) }),
  style: colour.optional(),
  accessibility_label: words(75).optional(),
});

const overflow = kind('overflow', {
  ...actionable,
  ...confirmable,
  options: z.array(overflowOption).min(1).max(5),
});

const selects = [
  kind('static_select', { ...menu, ...choices, initial_option: option.optional() }),
  kind('external_select', {
    ...menu,
    initial_option: option.optional(),
    min_query_length: z.number().int().min(0).optional(),
  }),
  kind('users_select', { ...menu, initial_user: z.string().optional() }),
  kind('conversations_select', {
    ...menu,
    initial_conversation: z.string().optional(),
    default_to_current_conversation: z.boolean().optional(),
    response_url_enabled: z.boolean().optional(),
    filter,
  }),
  kind('channels_select', {
    ...menu,
    initial_channel: z.string().optional(),
    response_url_enabled: z.boolean().optional(),
  }),
  kind('multi_static_select', {
    ...menu,
    ...several,
    ...choices,
    initial_options: z.array(option).min(1).max(100).optional(),
  }),
  kind('multi_external_select', {
    ...menu,
    ...several,
    initial_options: z.array(option).min(1).max(100).optional(),
    min_query_length: z.number().int().min(0).optional(),
  }),
  kind('multi_users_select', {
    ...menu,
    ...several,
    initial_users: z.array(z.string()).optional(),
  }),
  kind('multi_conversations_select', {
    ...menu,
    ...several,
    initial_conversations: z.array(z.string()).optional(),
    default_to_current_conversation: z.boolean().optional(),
    filter,
  }),
  kind('multi_channels_select', {
    ...menu,
    ...several,
    initial_channels: z.array(z.string()).optional(),
  }),
] as const;

const pickers = [
  kind('checkboxes', {
    ...actionable,
    ...confirmable,
    ...focusable,
    options: z.array(richOption).min(1).max(10),
    initial_options: z.array(richOption).min(1).max(10).optional(),
  }),
  kind('radio_buttons', {
    ...actionable,
    ...confirmable,
    ...focusable,
    options: z.array(richOption).min(1).max(10),
    initial_option: richOption.optional(),
  }),
  kind('datepicker', {
    ...menu,
    initial_date: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/)
      .optional(),
  }),
  kind('timepicker', {
    ...menu,
    initial_time: z
      .string()
      .regex(/^\d{2}:\d{2}$/)
      .optional(),
    timezone: z.string().optional(),
  }),
  kind('datetimepicker', {
    ...actionable,
    ...confirmable,
    ...focusable,
    initial_date_time: z.number().int().optional(),
  }),
] as const;

const richTextInput = kind('rich_text_input', {
  ...typed,
  initial_value: z.looseObject({ type: z.literal('rich_text') }).optional(),
  min_lines: z.number().int().optional(),
  max_lines: z.number().int().optional(),
});

const length = z.number().int().min(0).max(3000).optional();

const inputs = [
  kind('plain_text_input', {
    ...typed,
    multiline: z.boolean().optional(),
    initial_value: words(3000, 0).optional(),
    min_length: length,
    max_length: length,
  }),
  kind('number_input', {
    ...typed,
    is_decimal_allowed: z.boolean(),
    initial_value: z.string().optional(),
    min_value: z.string().optional(),
    max_value: z.string().optional(),
  }),
  kind('email_text_input', { ...typed, initial_value: z.string().optional() }),
  kind('url_text_input', { ...typed, initial_value: z.string().optional() }),
  kind('file_input', {
    ...actionable,
    filetypes: z.array(z.string()).min(1).optional(),
    max_files: z.number().int().min(1).max(10).optional(),
  }),
  richTextInput,
] as const;

export const accessory = z.discriminatedUnion('type', [
  button,
  image,
  overflow,
  workflowButton,
  ...selects,
  ...pickers,
]);

export const actionElement = z.discriminatedUnion('type', [
  button,
  overflow,
  workflowButton,
  richTextInput,
  ...selects,
  ...pickers,
]);

export const inputElement = z.discriminatedUnion('type', [...inputs, ...selects, ...pickers]);

const feedback = z.strictObject({
  text: plain(75),
  value: words(2000),
  accessibility_label: words(75).optional(),
});

export const contextAction = z.discriminatedUnion('type', [
  kind('feedback_buttons', {
    ...actionable,
    positive_button: feedback,
    negative_button: feedback,
  }),
  kind('icon_button', {
    ...actionable,
    ...confirmable,
    icon: z.string().min(1),
    text: plain(75),
    value: words(2000).optional(),
    accessibility_label: words(75).optional(),
    visible_to_user_ids: z.array(z.string()).optional(),
  }),
]);
