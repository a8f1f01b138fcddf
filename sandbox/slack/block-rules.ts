/** Slack's rules for each single block. https://docs.slack.dev/reference/block-kit/blocks */
import { z } from 'zod';
import { chart, chartTitle } from './chart-rules.ts';
import {
  accessory,
  actionElement,
  button,
  contextAction,
  image,
  inputElement,
} from './element-rules.ts';
import { richText } from './rich-text-rules.ts';
import { either, identifier, imageSource, mrkdwn, plain, words } from './text-rules.ts';

function block<T extends string, S extends z.ZodRawShape>(type: T, shape: S) {
  return z.strictObject({ type: z.literal(type), block_id: identifier.optional(), ...shape });
}

const rawText = z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) });
const rawNumber = z.strictObject({
  type: z.literal('raw_number'),
  value: z.number(),
  text: z.string().min(1),
});
const cell = z.discriminatedUnion('type', [rawText, rawNumber, richText]);
const columnSettings = z
  .strictObject({ align: z.enum(['left', 'center', 'right']), is_wrapped: z.boolean() })
  .partial();

const actions = block('actions', { elements: z.array(actionElement).min(1).max(25) });
const context = block('context', {
  elements: z
    .array(z.discriminatedUnion('type', [image, plain(2000), mrkdwn(2000)]))
    .min(1)
    .max(10),
});
const divider = block('divider', {});
const header = block('header', { text: plain(150) });
const imageBlock = block('image', {
  ...imageSource,
  alt_text: words(2000),
  title: plain(2000).optional(),
});
const section = block('section', {
  text: either(3000).optional(),
  fields: z.array(either(2000)).min(1).max(10).optional(),
  accessory: accessory.optional(),
  expand: z.boolean().optional(),
}).refine(({ text, fields }) => text !== undefined || fields !== undefined, {
  error: 'expected text or fields',
});
const input = block('input', {
  label: plain(2000),
  element: inputElement,
  hint: plain(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
});
const table = block('table', {
  rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
  column_settings: z.array(columnSettings.nullable()).max(20).optional(),
});
const dataTable = block('data_table', {
  rows: z.array(z.array(cell).min(1).max(20)).min(2).max(201),
  caption: z.string().min(1),
  page_size: z.number().int().min(1).max(100).optional(),
  row_header_column_index: z.number().int().min(0).optional(),
});
const card = block('card', {
  hero_image: image.optional(),
  icon: image.optional(),
  title: mrkdwn(150).optional(),
  subtitle: mrkdwn(150).optional(),
  body: mrkdwn(200).optional(),
  actions: z.array(button).min(1).optional(),
});

/** Slack's live validator refuses rich_text in a container, although the documentation lists it. */
const inContainer = z.discriminatedUnion('type', [
  actions,
  context,
  divider,
  header,
  imageBlock,
  input,
  section,
  table,
]);
const container = block('container', {
  title: plain(150).optional(),
  rich_text_title: richText.optional(),
  subtitle: either(150).optional(),
  child_blocks: z.array(inContainer).min(1).max(10),
  width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
  icon: image.optional(),
  is_collapsible: z.boolean().optional(),
  default_collapsed: z.boolean().optional(),
  has_header_divider: z.boolean().optional(),
});

export const anyBlock = z.discriminatedUnion('type', [
  actions,
  block('alert', {
    text: either(200),
    level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
  }),
  card,
  block('carousel', { elements: z.array(card).min(1).max(10) }),
  container,
  context,
  block('context_actions', { elements: z.array(contextAction).min(1).max(5) }),
  dataTable,
  block('data_visualization', { title: chartTitle, chart }),
  divider,
  header,
  imageBlock,
  input,
  block('markdown', { text: words(12_000) }),
  richText,
  section,
  table,
]);

/** Surfaces that allow each block; a block that is not listed is allowed everywhere. https://docs.slack.dev/blocks.json */
export const SURFACES: Readonly<Record<string, readonly Surface[]>> = {
  alert: ['modal'],
  card: ['message'],
  carousel: ['message'],
  context_actions: ['message'],
  data_table: ['message'],
  data_visualization: ['message'],
  markdown: ['message'],
  table: ['message', 'home'],
};

export type Surface = 'message' | 'modal' | 'home';
