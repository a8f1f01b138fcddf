// A button that opens a menu: arrows move, Enter chooses, Esc and Tab leave.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';

interface Item {
  readonly label: string;
  readonly choose: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly Item[];
  /** Among the buttons of a message; otherwise in a corner of it. */
  readonly isInline?: boolean;
}

export function Menu({ label, items, isInline = false }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const leave = () => {
    setOpen(false);
    opener.current?.focus();
  };
  return (
    <div className={isInline ? 'menu inline' : 'menu'}>
      <button
        type="button"
        ref={opener}
        className={isInline ? 'button' : 'more'}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        ⋯
      </button>
      {isOpen && <Items label={label} items={items} leave={leave} close={() => setOpen(false)} />}
    </div>
  );
}

interface ItemsProps extends MenuProps {
  /** Closes the menu and focuses its button. */
  readonly leave: () => void;
  readonly close: () => void;
}

function Items({ label, items, leave, close }: ItemsProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('button')?.focus();
    list.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div
      ref={list}
      role="menu"
      tabIndex={-1}
      aria-label={label}
      onKeyDown={(event) => onKey(event, list.current, { leave, close })}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) close();
      }}
    >
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          onClick={() => {
            leave();
            item.choose();
          }}
        >
          <bdi>{item.label}</bdi>
        </button>
      ))}
    </div>
  );
}

type Ways = Pick<ItemsProps, 'leave' | 'close'>;

function onKey(event: KeyboardEvent, list: HTMLElement | null, { leave, close }: Ways): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === 'Escape') {
    event.preventDefault();
    leave();
  } else if (event.key === 'Tab') close();
  else if (step !== undefined) {
    event.preventDefault();
    stepIn(list, step);
  }
}

/** Moves the focus from item to item, in a circle. */
function stepIn(list: HTMLElement | null, by: number): void {
  const buttons = Array.from<HTMLElement>(list?.querySelectorAll('button') ?? []);
  const { activeElement } = document;
  const at = activeElement instanceof HTMLElement ? buttons.indexOf(activeElement) : -1;
  buttons.at((at + by) % buttons.length)?.focus();
}
