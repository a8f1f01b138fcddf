// A modal of the app, with its inputs, their errors, and the buttons to send and to cancel.
import { type FormEvent, useState } from 'react';
import type { Block, SeenView } from '../shape.ts';
import { type Send, useSend } from './act.ts';
import { Blocks } from './blocks.tsx';
import { Dialog } from './dialog.tsx';
import type { Press } from './elements.tsx';
import { Input, initialAnswer, lacks } from './inputs.tsx';

type Answers = Readonly<Record<string, string>>;

export function Modal({ view }: { readonly view: SeenView }) {
  const send = useSend();
  const form = useForm(view, send);
  const dismiss = () => void send({ kind: 'dismiss', view: view.id });
  return (
    <Dialog title={view.title} close={dismiss}>
      <form noValidate onSubmit={(event) => void form.submit(event)}>
        <Body view={view} form={form} />
        <div className="answers">
          <button type="button" className="button" onClick={dismiss}>
            {view.close ?? 'Cancel'}
          </button>
          {view.submit !== null && (
            <button type="submit" className="button primary" aria-disabled={form.isBusy}>
              {view.submit}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

interface Form {
  readonly answers: Answers;
  readonly isBusy: boolean;
  /** null = no error is known. */
  readonly errorOf: (id: string) => string | null;
  readonly change: (id: string, answer: string) => void;
  readonly submit: (event: FormEvent) => Promise<void>;
}

function useForm(view: SeenView, send: Send): Form {
  const [changed, setChanged] = useState<Answers>({});
  const [missing, setMissing] = useState<Answers>({});
  /** Ids of the inputs that changed since the last submission, so that their errors no longer apply. */
  const [edited, setEdited] = useState<ReadonlySet<string>>(new Set());
  const [isBusy, setBusy] = useState(false);
  const inputs = view.blocks.filter(({ type }) => type === 'input');
  const answers = Object.fromEntries(
    inputs.map((block) => [idOf(block), changed[idOf(block)] ?? initialAnswer(block)]),
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wrong = missingIn(inputs, answers);
    setMissing(wrong);
    setEdited(new Set());
    if (isBusy || Object.keys(wrong).length > 0) return;
    setBusy(true);
    await send({ kind: 'submit', view: view.id, values: answers });
    setBusy(false);
  };
  const change = (id: string, answer: string) => {
    setChanged({ ...changed, [id]: answer });
    setEdited(new Set([...edited, id]));
  };
  const errorOf = (id: string) =>
    edited.has(id) ? null : (missing[id] ?? view.errors[id] ?? null);
  return { answers, isBusy, errorOf, change, submit };
}

function Body({ view, form }: { readonly view: SeenView; readonly form: Form }) {
  const send = useSend();
  const press: Press = async (pressed) => {
    await send({ kind: 'click', place: { kind: 'view', id: view.id }, ...pressed });
  };
  return (
    <div className="modal-body">
      {view.blocks.map((block, index) => {
        const id = idOf(block);
        return block.type === 'input' ? (
          <Input
            key={id}
            block={block}
            answer={form.answers[id] ?? ''}
            error={form.errorOf(id)}
            change={(answer) => form.change(id, answer)}
          />
        ) : (
          <Blocks key={id || index} blocks={[block]} press={press} />
        );
      })}
    </div>
  );
}

function idOf(block: Block): string {
  return block.block_id ?? '';
}

/** Errors by block id: Slack's client does not submit a required input that is empty. */
function missingIn(inputs: readonly Block[], answers: Answers): Answers {
  const wrong = inputs.filter((block) => lacks(block, answers[idOf(block)] ?? ''));
  return Object.fromEntries(wrong.map((block) => [idOf(block), 'This field is required.']));
}
