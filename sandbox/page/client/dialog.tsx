// The browser's own dialog, which takes the focus, keeps it, and gives it back.
import { type ReactNode, useEffect, useId, useRef } from 'react';

/** Gets the focus: the first input, otherwise the first button. */
const FIRST = 'form :is(input, textarea, select), .answers button';

interface DialogProps {
  readonly title: string;
  /** Called for Esc and for the cross. */
  readonly close: () => void;
  readonly children: ReactNode;
}

export function Dialog({ title, close, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const { current } = dialog;
    const before = document.activeElement;
    current?.showModal();
    // The browser would focus the cross.
    current?.querySelector<HTMLElement>(FIRST)?.focus();
    return () => {
      current?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // The browser would close the dialog at once, but the app decides.
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
    >
      <header>
        <h2 id={id}>
          <bdi>{title}</bdi>
        </h2>
        <button type="button" className="cross" aria-label="Close" onClick={close}>
          ×
        </button>
      </header>
      {children}
    </dialog>
  );
}
