import type { types } from '@slack/bolt';
import { z } from 'zod';
import { type Block, code, text } from '../../chat/message.ts';
import type { Ask, Form } from '../../chat/subcommand.ts';
import { slackMessage } from './blocks.ts';
import { plainText } from './buttons.ts';
import { cutSpans, richText } from './rich-text.ts';

/** Draws and reads the modal for the missing parts of a line. Limits: docs of @slack/types. */

/** An incomplete line, its author and place; in the modal, because replicas share no memory. */
export type Lacking = z.output<typeof lackingRule>;

export interface Submitted {
  readonly lacking: Lacking;
  /** By the name of the ask, trimmed. */
  readonly answers: ReadonlyMap<string, string>;
}

/** The callback_id of all our modals. */
const CALLBACK = 'asks';

const ACTION = 'answer';

const LIMITS = { title: 24, button: 24, label: 2000, metadata: 3000, answer: 3000, line: 500 };

/** Characters; an answer that may be longer gets a box of several lines. */
const ONE_LINE = 80;

const lackingRule = z.object({
  line: z.string(),
  user: z.string(),
  channel: z.string(),
  /** The thread of the clicked message; null = none. */
  thread: z.string().nullable(),
  isClick: z.boolean(),
  /** When the clicked private message was written, in milliseconds since 1970. */
  shownAtMs: z.number().optional(),
  asked: z.object({
    /**
     * `replacing`: a private answer replaces the clicked message; `home`: a click in App Home,
     * which has no response_url.
     */
    from: z.enum(['command', 'click', 'replacing', 'home']),
    /** The thread in which to answer; null = the channel itself. */
    thread: z.string().nullable(),
  }),
  /** null = Slack gave none. */
  responseUrl: z.string().nullable(),
  /** Milliseconds since 1970. */
  heardAtMs: z.number(),
});

const viewRule = z.object({
  callback_id: z.literal(CALLBACK),
  private_metadata: z.string(),
  state: z.object({
    values: z.record(z.string(), z.object({ [ACTION]: z.object({ value: z.string().nullish() }) })),
  }),
});

/** A form with the blocks that were read in time. */
export interface ReadForm extends Pick<Form, 'title' | 'submit'> {
  readonly blocks: readonly Block[];
}

/** null = the line is too long for the modal's metadata. */
export function drawModal(
  lacking: Lacking,
  asks: readonly Ask[],
  form: ReadForm,
): types.ModalView | null {
  const private_metadata = JSON.stringify(lacking);
  if (private_metadata.length > LIMITS.metadata) return null;
  const typed = cutSpans(text(code(`/hostcache ${lacking.line.trim()}`)), LIMITS.line);
  const { blocks } = form;
  const said = blocks.length === 0 ? [] : slackMessage({ headline: form.title, blocks }).blocks;
  return {
    type: 'modal',
    callback_id: CALLBACK,
    private_metadata,
    title: plainText(form.title, LIMITS.title),
    submit: plainText(form.submit, LIMITS.button),
    close: plainText('Cancel', LIMITS.button),
    blocks: [...said, richText(typed), ...asks.map(drawAsk)].filter((block) => block !== null),
  };
}

/** null = not one of our modals. */
export function readModal(view: unknown): Submitted | null {
  const read = viewRule.safeParse(view);
  const lacking = read.success ? parseLacking(read.data.private_metadata) : null;
  if (!read.success || lacking === null) return null;
  const given = Object.entries(read.data.state.values);
  const answers = given.map(([ask, { answer }]) => [ask, answer.value?.trim() ?? ''] as const);
  return { lacking, answers: new Map(answers) };
}

/** What is wrong with each answer, by block_id. A missing answer is valid: it was not asked for. */
export function wrongAnswers(
  asks: readonly Ask[],
  answers: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  const wrong = asks.flatMap(({ name, max, isOptional, fault }) => {
    const answer = answers.get(name);
    if (answer === undefined) return [];
    if (answer === '') return isOptional ? [] : [[name, 'Expected some text, got blanks only.']];
    if (answer.length > max) return [[name, `Expected at most ${max} characters.`]];
    const found = fault?.(answer) ?? null;
    return found === null ? [] : [[name, found]];
  });
  return Object.fromEntries(wrong);
}

function drawAsk({ name, label, max, isOptional, initial }: Ask): types.InputBlock {
  const longest = Math.min(max, LIMITS.answer);
  return {
    type: 'input',
    block_id: name,
    label: plainText(label, LIMITS.label),
    optional: isOptional,
    element: {
      type: 'plain_text_input',
      action_id: ACTION,
      multiline: max > ONE_LINE,
      max_length: longest,
      ...(initial !== undefined && { initial_value: initial.slice(0, longest) }),
    },
  };
}

function parseLacking(metadata: string): Lacking | null {
  try {
    return lackingRule.safeParse(JSON.parse(metadata)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
