/** Slack's rules for a whole message or view: counts, surfaces, unique ids, the sum of all texts. */
import { z } from 'zod';
import { anyBlock, SURFACES, type Surface } from './block-rules.ts';
import type { Block } from './message.ts';
import { identifier, plain, words } from './text-rules.ts';

/** One violation, with its place: '/blocks/0/text/text'. */
export interface Flaw {
  readonly pointer: string;
  readonly why: string;
  /** Slack's error code if it is not `invalid_blocks`. */
  readonly code?: 'msg_blocks_too_long';
}

/** The most blocks on each surface. https://docs.slack.dev/reference/block-kit/blocks */
const BLOCKS: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };

/**
 * Undocumented: Slack counts the characters, and about 125 for each block. It refused 11 341
 * characters (bolt-js #2867), and 13 172 with one divider (bolt-js #2509).
 */
const ALL_TEXTS = 11_300;
const BLOCK_TEXTS = 125;

/** Undocumented: others report that Slack refuses a third chart in a message. */
const CHARTS = 2;

/** The most characters in all markdown blocks together, and in all cells of a data_table. */
const MARKDOWN_TEXTS = 12_000;
const DATA_TABLE_TEXTS = 20_000;

export function flawsOfBlocks(blocks: unknown, surface: Surface): readonly Flaw[] {
  const parsed = z.array(anyBlock).max(BLOCKS[surface]).safeParse(blocks);
  if (!parsed.success) {
    return flawsOf(parsed.error, '/blocks');
  }
  // Parsed above, so each one is a block of a known type.
  const known = blocks as readonly Block[];
  const whole = surface === 'message' ? flawsOfMessage(known) : [];
  return [...misplaced(known, surface), ...repeated(known), ...flawsInDetail(known), ...whole];
}

export function flawsOfView(view: unknown): readonly Flaw[] {
  const parsed = z.discriminatedUnion('type', [modal, home]).safeParse(view);
  if (!parsed.success) {
    return flawsOf(parsed.error, '/view');
  }
  const { type, blocks } = parsed.data;
  const flaws = flawsOfBlocks(blocks, type).map((flaw) => ({
    ...flaw,
    pointer: `/view${flaw.pointer}`,
  }));
  // flawsOfBlocks has parsed them.
  const hasInput = flaws.length === 0 && (blocks as readonly Block[]).some(isInput);
  const lacksSubmit = type === 'modal' && hasInput && parsed.data.submit === undefined;
  return lacksSubmit
    ? [...flaws, { pointer: '/view/submit', why: 'expected with an input block' }]
    : flaws;
}

export function flawsOf(error: z.ZodError, root: string): readonly Flaw[] {
  return error.issues.map((issue) => ({
    pointer: [root, ...issue.path.map(String)].join('/'),
    why: issue.message,
  }));
}

const ofAnyView = {
  blocks: z.array(z.unknown()),
  private_metadata: words(3000, 0).optional(),
  callback_id: words(255, 0).optional(),
  external_id: words(255, 0).optional(),
};

const modal = z.strictObject({
  type: z.literal('modal'),
  title: plain(24),
  submit: plain(24).optional(),
  close: plain(24).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
  submit_disabled: z.boolean().optional(),
  ...ofAnyView,
});

const home = z.strictObject({ type: z.literal('home'), ...ofAnyView });

function isInput(block: Block): boolean {
  return block.type === 'input';
}

function misplaced(blocks: readonly Block[], surface: Surface): readonly Flaw[] {
  return blocks.flatMap(({ type }, index) => {
    const surfaces = SURFACES[type];
    return surfaces === undefined || surfaces.includes(surface)
      ? []
      : [{ pointer: `/blocks/${index}/type`, why: `${type} is not allowed in a ${surface}` }];
  });
}

function repeated(blocks: readonly Block[]): readonly Flaw[] {
  return again(blocks, 'block_id').map((index) => ({
    pointer: `/blocks/${index}/block_id`,
    why: 'duplicate block_id',
  }));
}

/** Rules that involve several parts of one block. */
function flawsInDetail(blocks: readonly Block[]): readonly Flaw[] {
  return blocks.flatMap((block, index) => {
    const at = `/blocks/${index}`;
    const { elements, image_url, slack_file, title, rich_text_title, element } = block;
    const flaws: Flaw[] = [];
    if (block.type === 'actions' && Array.isArray(elements)) {
      flaws.push(...flawsOfActions(elements, at));
    }
    if (block.type === 'image' && (image_url === undefined) === (slack_file === undefined)) {
      flaws.push({ pointer: at, why: 'expected one of image_url, slack_file' });
    }
    if (block.type === 'container' && title === undefined && rich_text_title === undefined) {
      flaws.push({ pointer: at, why: 'expected title or rich_text_title' });
    }
    return [...flaws, ...unchosen([...nodes(elements), ...nodes([element])], at)];
  });
}

function flawsOfActions(elements: readonly Block[], at: string): readonly Flaw[] {
  const primaries = elements.filter(({ style }) => style === 'primary');
  return [
    ...again(elements, 'action_id').map((index) => ({
      pointer: `${at}/elements/${index}/action_id`,
      why: 'duplicate action_id in the block',
    })),
    ...(primaries.length > 1 ? [{ pointer: at, why: 'more than one primary button' }] : []),
  ];
}

// A static menu has either options or option groups.
function unchosen(elements: readonly Block[], at: string): readonly Flaw[] {
  return elements.flatMap(({ type, options, option_groups }) =>
    type.endsWith('static_select') && (options === undefined) === (option_groups === undefined)
      ? [{ pointer: at, why: 'expected one of options, option_groups' }]
      : [],
  );
}

function flawsOfMessage(blocks: readonly Block[]): readonly Flaw[] {
  const tables = blocks.flatMap(({ type }, index) => (type === 'table' ? [index] : []));
  const markdown = blocks.filter(({ type }) => type === 'markdown');
  const data = blocks.filter(({ type }) => type === 'data_table');
  const second = tables[1];
  const charts = blocks.flatMap(({ type }, index) =>
    type === 'data_visualization' ? [index] : [],
  );
  const extra = charts[CHARTS];
  return [
    ...(second === undefined
      ? []
      : [{ pointer: `/blocks/${second}`, why: 'more than one table in the message' }]),
    ...(extra === undefined
      ? []
      : [{ pointer: `/blocks/${extra}`, why: `more than ${CHARTS} charts in the message` }]),
    ...(characters(markdown) > MARKDOWN_TEXTS
      ? [{ pointer: '/blocks', why: `more than ${MARKDOWN_TEXTS} characters of markdown` }]
      : []),
    ...(characters(data) > DATA_TABLE_TEXTS
      ? [{ pointer: '/blocks', why: `more than ${DATA_TABLE_TEXTS} characters in data_table` }]
      : []),
    ...(characters(blocks) + BLOCK_TEXTS * blocks.length > ALL_TEXTS
      ? [
          {
            pointer: '/blocks',
            why: `more than ${ALL_TEXTS} characters in all`,
            code: 'msg_blocks_too_long' as const,
          },
        ]
      : []),
  ];
}

/** The number of characters in all strings, ids and values included, without types and the JSON around them. */
export function characters(value: unknown): number {
  if (typeof value === 'string') {
    return value.length;
  }
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  return Object.entries(value).reduce(
    (sum, [field, inner]) => (field === 'type' ? sum : sum + characters(inner)),
    0,
  );
}

/** The indexes of elements whose id an earlier one has. */
function again(elements: readonly Block[], field: 'block_id' | 'action_id'): readonly number[] {
  const seen = new Set<unknown>();
  return elements.flatMap((element, index) => {
    const id = element[field];
    const isAgain = id !== undefined && seen.has(id);
    seen.add(id);
    return isAgain ? [index] : [];
  });
}

function nodes(value: unknown): readonly Block[] {
  return Array.isArray(value)
    ? value.filter((one): one is Block => typeof one === 'object' && one !== null && 'type' in one)
    : [];
}

/** A name and a flat payload. https://docs.slack.dev/messaging/message-metadata */
export const metadataRule = z.strictObject({
  event_type: identifier,
  event_payload: z.record(
    z.string(),
    z.union([
      scalar(),
      z.array(z.union([scalar(), z.record(z.string(), scalar())])),
      z.record(z.string(), scalar()),
    ]),
  ),
});

function scalar() {
  return z.union([z.string(), z.number(), z.boolean()]);
}
