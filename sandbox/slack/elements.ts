/** Finds elements to click or fill in, and builds the actions and values that Slack sends for them. */
import type { Block } from './message.ts';
import { plainText } from './shown.ts';

/** What to click: all given fields must match; `option` picks from a menu by text or value. */
export interface Pointing {
  readonly actionId?: string;
  readonly text?: string | RegExp;
  readonly value?: string;
  readonly option?: string;
}

export interface Found {
  readonly blockId: string;
  readonly element: Block;
}

/** All elements in the blocks that a person can act on. */
export function interactive(blocks: readonly Block[]): readonly Found[] {
  return blocks.flatMap((block) => {
    const { elements, accessory, element, child_blocks, actions } = block;
    const own = [...nodes(elements), ...nodes([accessory]), ...nodes([element]), ...nodes(actions)];
    const blockId = block.block_id ?? '';
    return [
      ...own
        .filter(({ action_id }) => action_id !== undefined)
        .map((one) => ({ blockId, element: one })),
      ...interactive(nodes(child_blocks)),
    ];
  });
}

export function canPointAt(blocks: readonly Block[], by: Pointing): boolean {
  return interactive(blocks).some((one) => fits(one, by));
}

/** The element that matches. Throws with a list of all elements if none does. */
export function pointAt(blocks: readonly Block[], by: Pointing): Found {
  const all = interactive(blocks);
  const found = all.find((one) => fits(one, by));
  if (found === undefined) {
    const there = all.map(({ element }) => `${String(element['action_id'])} ${labelOf(element)}`);
    throw new Error(
      `sandbox Slack: no element matches ${JSON.stringify(by)}; there is: ${there.join(', ') || 'nothing'}`,
    );
  }
  return found;
}

/** The entry of `actions` in a block_actions payload. */
export function actionOf({ blockId, element }: Found, by: Pointing, actionTs: string): object {
  const { action_id, text, value, style, url, confirm } = element;
  const shared = { type: element.type, action_id, block_id: blockId, action_ts: actionTs };
  if (element.type === 'button' || element.type === 'workflow_button') {
    return {
      ...shared,
      text,
      ...(value !== undefined && { value }),
      ...(style !== undefined && { style }),
      ...(url !== undefined && { url }),
      ...(confirm !== undefined && { confirm }),
    };
  }
  return { ...shared, ...chosen(element, by.option ?? by.value ?? null) };
}

/** The value of one input in `view.state.values`. An answer of null = left empty. */
export function chosen(element: Block, answer: string | null): Readonly<Record<string, unknown>> {
  const parts = answer === null || answer === '' ? [] : answer.split(',');
  switch (element.type) {
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return { type: element.type, value: answer === '' ? null : answer };
    case 'overflow':
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return {
        type: element.type,
        selected_option: answer === null ? null : optionOf(element, answer),
      };
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      return {
        type: element.type,
        selected_options: parts.map((part) => optionOf(element, part.trim())),
      };
    default: {
      const field = SELECTED[element.type];
      const isList = field?.endsWith('s') === true;
      return field === undefined
        ? { type: element.type }
        : { type: element.type, [field]: isList ? parts.map((part) => part.trim()) : answer };
    }
  }
}

/** The input's initial value; null = empty. */
export function initial(element: Block): string | null {
  const { initial_value, initial_option, initial_options, initial_date, initial_time } = element;
  const options = [...nodes([initial_option]), ...nodes(initial_options)];
  if (options.length > 0) {
    return options.map(({ value }) => String(value)).join(',');
  }
  const plain = [initial_value, initial_date, initial_time].find((one) => typeof one === 'string');
  return typeof plain === 'string' ? plain : null;
}

export function labelOf(node: Block): string {
  const { text, label } = node;
  return nodes([text ?? label])
    .map((one) => plainText({ blocks: [], text: String(one['text'] ?? '') }))
    .join('');
}

const SELECTED: Readonly<Record<string, string>> = {
  users_select: 'selected_user',
  multi_users_select: 'selected_users',
  conversations_select: 'selected_conversation',
  multi_conversations_select: 'selected_conversations',
  channels_select: 'selected_channel',
  multi_channels_select: 'selected_channels',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
};

function fits({ element }: Found, by: Pointing): boolean {
  const { action_id, value } = element;
  const label = labelOf(element);
  const isNamed =
    by.text === undefined ||
    (typeof by.text === 'string' ? label === by.text : by.text.test(label));
  const isMenu = element.type !== 'button';
  return (
    (by.actionId === undefined || by.actionId === action_id) &&
    (isNamed || (isMenu && by.option !== undefined)) &&
    (by.value === undefined || by.value === value || hasOption(element, by.value)) &&
    (by.option === undefined || (isMenu && hasOption(element, by.option)))
  );
}

/** Whether it is a menu that can have this answer. */
function hasOption(element: Block, answer: string): boolean {
  if (element.type === 'button') return false;
  const options = optionsOf(element);
  return (
    options.length === 0 ||
    options.some((one) => one['value'] === answer || labelOf(one) === answer)
  );
}

function optionsOf({ options, option_groups }: Block): readonly Block[] {
  return [...nodes(options), ...nodes(option_groups).flatMap((group) => nodes(group['options']))];
}

/** The option with that text or value. For an external menu it is made up, because its list is unknown here. */
function optionOf(element: Block, answer: string): object {
  const all = optionsOf(element);
  const found = all.find((one) => one['value'] === answer || labelOf(one) === answer);
  if (found === undefined && !element.type.includes('external')) {
    const there = all.map((one) => `${labelOf(one)} = ${String(one['value'])}`).join(', ');
    throw new Error(`sandbox Slack: no option ${JSON.stringify(answer)}; there is: ${there}`);
  }
  return found ?? { text: { type: 'plain_text', text: answer, emoji: true }, value: answer };
}

function nodes(value: unknown): readonly Block[] {
  return Array.isArray(value)
    ? value.filter((one): one is Block => typeof one === 'object' && one !== null)
    : [];
}
