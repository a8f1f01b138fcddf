/** The values of a modal's inputs, with the checks that Slack's client makes before it sends them. */
import { chosen, initial, labelOf } from './elements.ts';
import type { Block } from './message.ts';
import type { View } from './view.ts';

type Values = Readonly<Record<string, Readonly<Record<string, object>>>>;

/**
 * `view.state.values`. With `filled` it is a submission, and throws if Slack's client would refuse it.
 * Without, it is the view's initial state.
 */
export function stateOf(view: View, filled?: Readonly<Record<string, string>>): Values {
  const given = filled ?? {};
  const inputs = view.blocks.flatMap((block) => {
    const { element, accessory, elements } = block;
    const all = [element, accessory, ...(Array.isArray(elements) ? elements : [])];
    return all.filter(isStateful).map((one) => ({ block, element: one }));
  });
  const names = inputs.flatMap(namesOf);
  const stray = Object.keys(given).filter((name) => !names.includes(name));
  if (stray.length > 0) {
    throw new Error(
      `sandbox Slack: no input ${stray.join(', ')} in "${view.title}"; there is: ${names.join(', ') || 'none'}`,
    );
  }
  const values: Record<string, Record<string, object>> = {};
  for (const input of inputs) {
    const { block, element } = input;
    const name = namesOf(input).find((one) => one in given);
    const answer = name === undefined ? initial(element) : (given[name] ?? null);
    if (filled !== undefined) {
      checkAnswer(block, element, answer);
    }
    const { action_id } = element;
    const blockId = block.block_id ?? '';
    values[blockId] = { ...values[blockId], [String(action_id)]: chosen(element, answer) };
  }
  return values;
}

interface Input {
  readonly block: Block;
  readonly element: Block;
}

function namesOf({ block, element }: Input): readonly string[] {
  const { action_id } = element;
  return [block.block_id ?? '', String(action_id), labelOf(block)].filter((name) => name !== '');
}

function isStateful(value: unknown): value is Block {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    'action_id' in value &&
    !['button', 'overflow', 'image'].includes(String(value.type))
  );
}

function checkAnswer(block: Block, element: Block, answer: string | null): void {
  const { optional } = block;
  const { min_length, max_length } = element;
  const length = answer?.length ?? 0;
  const label = labelOf(block);
  if (block.type === 'input' && optional !== true && length === 0) {
    throw new Error(`sandbox Slack: "${label}" must be filled in`);
  }
  if (typeof max_length === 'number' && length > max_length) {
    throw new Error(`sandbox Slack: "${label}" takes at most ${max_length} characters`);
  }
  if (typeof min_length === 'number' && length > 0 && length < min_length) {
    throw new Error(`sandbox Slack: "${label}" takes at least ${min_length} characters`);
  }
}
