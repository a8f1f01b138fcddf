// One input of a modal, with its label, its hint and its error.
import { useId } from 'react';
import type { Block } from '../shape.ts';
import { initialOf, optionsOf } from './elements.tsx';
import { isNode, wordsOf } from './rich.ts';

interface InputProps {
  readonly block: Block;
  readonly answer: string;
  /** null = valid. */
  readonly error: string | null;
  readonly change: (answer: string) => void;
}

export function Input({ block, answer, error, change }: InputProps) {
  const id = useId();
  const hint = wordsOf(block['hint']);
  const notes = [hint === '' ? '' : `${id}-hint`, error === null ? '' : `${id}-error`];
  return (
    <div className="input">
      <label htmlFor={id}>
        <bdi>{wordsOf(block['label'])}</bdi>
        {block['optional'] === true && <span className="faint"> (optional)</span>}
      </label>
      <Field
        element={elementOf(block)}
        answer={answer}
        change={change}
        aria={{
          id,
          'aria-required': block['optional'] !== true,
          'aria-invalid': error !== null,
          'aria-describedby': notes.join(' ').trim() || undefined,
        }}
      />
      {hint !== '' && (
        <p id={`${id}-hint`} className="faint">
          {hint}
        </p>
      )}
      {error !== null && (
        <p id={`${id}-error`} className="error" role="alert">
          <bdi>{error}</bdi>
        </p>
      )}
    </div>
  );
}

export function initialAnswer(block: Block): string {
  const element = elementOf(block);
  const { initial_value } = element;
  return typeof initial_value === 'string' ? initial_value : initialOf(element);
}

export function lacks(block: Block, answer: string): boolean {
  return block['optional'] !== true && answer === '';
}

interface FieldProps {
  readonly element: Block;
  readonly answer: string;
  readonly change: (answer: string) => void;
  readonly aria: {
    readonly id: string;
    readonly 'aria-required': boolean;
    readonly 'aria-invalid': boolean;
    readonly 'aria-describedby': string | undefined;
  };
}

const TYPES: Readonly<Record<string, string>> = {
  plain_text_input: 'text',
  number_input: 'number',
  email_text_input: 'email',
  url_text_input: 'url',
  datepicker: 'date',
  timepicker: 'time',
};

function Field({ element, answer, change, aria }: FieldProps) {
  const { multiline, max_length, placeholder } = element;
  const shared = {
    ...aria,
    value: answer,
    ...(typeof max_length === 'number' && { maxLength: max_length }),
    placeholder: wordsOf(placeholder),
  };
  if (multiline === true) {
    return <textarea {...shared} rows={3} onChange={(event) => change(event.target.value)} />;
  }
  const options = optionsOf(element);
  if (options.length > 0) {
    return (
      <select {...aria} value={answer} onChange={(event) => change(event.target.value)}>
        <option value="">{wordsOf(placeholder) || 'Choose one'}</option>
        {options.map((option) => (
          <option key={String(option['value'])} value={String(option['value'])}>
            {wordsOf(option['text'])}
          </option>
        ))}
      </select>
    );
  }
  const type = TYPES[element.type];
  if (type === undefined) {
    return <p className="undrawn">{`This page does not draw a ${element.type}.`}</p>;
  }
  return <input {...shared} type={type} onChange={(event) => change(event.target.value)} />;
}

function elementOf(block: Block): Block {
  const { element } = block;
  return isNode(element) ? element : { type: 'none' };
}
