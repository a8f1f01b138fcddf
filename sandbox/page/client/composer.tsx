// The box in which people write; it completes subcommands as they type.

import {
  type FormEvent,
  type KeyboardEvent,
  type Ref,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from 'react';
import type { Completion } from '../shape.ts';
import { type Suggestion, suggestionsFor, usageFor } from './complete.ts';

export interface ComposerHandle {
  /** Puts a line into the box and focuses it. */
  fill(line: string): void;
}

interface ComposerProps {
  readonly label: string;
  /** Shown below the box while it has no subcommand. */
  readonly hint: string;
  readonly completions: readonly Completion[];
  readonly write: (text: string) => void;
  readonly ref?: Ref<ComposerHandle>;
}

export function Composer({ label, hint, completions, write, ref }: ComposerProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const typing = useTyping(completions);
  const { typed, suggestions, change, close } = typing;
  useImperativeHandle(ref, () => ({
    fill: (line) => {
      change(line);
      close();
      input.current?.focus();
    },
  }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() === '') return;
    write(typed.trim());
    change('');
  };
  return (
    <form className="composer" onSubmit={submit}>
      <label htmlFor={id}>{label}</label>
      {suggestions.length > 0 && <Suggestions id={`${id}-list`} typing={typing} />}
      <div className="line">
        <Box id={id} placeholder={label} input={input} typing={typing} />
        <button type="submit" className="button primary">
          Send
        </button>
      </div>
      <p id={`${id}-usage`} className="usage">
        {usageFor(typed, completions) ?? hint}
      </p>
    </form>
  );
}

interface Typing {
  readonly typed: string;
  /** Empty = no list is open. */
  readonly suggestions: readonly Suggestion[];
  /** The index of the marked suggestion; -1 = none. */
  readonly marked: number;
  readonly mark: (index: number) => void;
  readonly change: (line: string) => void;
  /** Closes the list without a choice. */
  readonly close: () => void;
}

function useTyping(completions: readonly Completion[]): Typing {
  const [typed, setTyped] = useState('');
  const [marked, mark] = useState(-1);
  const [isOpen, setOpen] = useState(false);
  return {
    typed,
    suggestions: isOpen ? suggestionsFor(typed, completions) : [],
    marked,
    mark,
    change: (line) => {
      setTyped(line);
      mark(-1);
      setOpen(line !== '');
    },
    close: () => setOpen(false),
  };
}

interface BoxProps {
  readonly id: string;
  readonly placeholder: string;
  readonly input: Ref<HTMLInputElement>;
  readonly typing: Typing;
}

function Box({ id, placeholder, input, typing }: BoxProps) {
  const { typed, suggestions, marked, change, close } = typing;
  return (
    <input
      id={id}
      ref={input}
      type="text"
      role="combobox"
      aria-autocomplete="list"
      aria-expanded={suggestions.length > 0}
      aria-controls={`${id}-list`}
      aria-activedescendant={marked >= 0 ? `${id}-list-${marked}` : undefined}
      aria-describedby={`${id}-usage`}
      autoComplete="off"
      spellCheck={false}
      placeholder={placeholder}
      value={typed}
      onChange={(event) => change(event.target.value)}
      onKeyDown={(event) => onKey(event, typing)}
      onBlur={close}
    />
  );
}

function onKey(event: KeyboardEvent, typing: Typing): void {
  const { suggestions, marked, mark, change, close } = typing;
  const count = suggestions.length;
  // Without a list the browser handles every key: Tab leaves, Enter sends.
  if (count === 0) return;
  const chosen = suggestions[marked] ?? (event.key === 'Tab' ? suggestions[0] : undefined);
  switch (event.key) {
    case 'ArrowDown':
      mark((marked + 1) % count);
      break;
    case 'ArrowUp':
      mark((Math.max(marked, 0) - 1 + count) % count);
      break;
    case 'Enter':
    case 'Tab':
      if (chosen === undefined || event.shiftKey) return;
      change(chosen.line);
      break;
    case 'Escape':
      close();
      break;
    default:
      return;
  }
  event.preventDefault();
}

interface SuggestionsProps {
  readonly id: string;
  readonly typing: Typing;
}

function Suggestions({ id, typing: { suggestions, marked, change } }: SuggestionsProps) {
  return (
    <div id={id} role="listbox" aria-label="Commands" className="suggestions">
      {suggestions.map(({ line, label, says }, index) => (
        // The box keeps the focus and handles the keys of the list.
        // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant marks the option
        <div
          key={line}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === marked}
          onMouseDown={(event) => {
            event.preventDefault();
            change(line);
          }}
        >
          <code>{label}</code>
          <span>{says}</span>
        </div>
      ))}
    </div>
  );
}
