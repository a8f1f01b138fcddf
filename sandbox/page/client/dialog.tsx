// A dialog that takes the focus, keeps it, and gives it back: the browser's own.
import { type ReactNode, useEffect, useId, useRef } from 'react';

/** Where one begins: the first input, else the first answer. */
const FIRST = 'form :is(input, textarea, select), .answers button';

interface DialogProps {
  readonly title: string;
  /** Asked for by Esc and by the cross. */
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
    // The browser would begin with the cross.
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
        // The browser would close it at once; whether it closes is for the app to say.
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
