// Buttons and menus in blocks. The library draws these too, but does not report presses.
import { useId, useState } from 'react';
import type { Block } from '../shape.ts';
import { Dialog } from './dialog.tsx';
import { Menu } from './menu.tsx';
import { isNode, nodes, wordsOf } from './rich.ts';

export interface Pressed {
  readonly actionId: string;
  readonly value?: string;
  readonly option?: string;
}

/** Resolves when the press is acknowledged or has failed. */
export type Press = (pressed: Pressed) => Promise<void>;

interface ElementProps {
  readonly element: Block;
  readonly press: Press;
}

export function Element({ element, press }: ElementProps) {
  switch (element.type) {
    case 'button':
      return <PressButton element={element} press={press} />;
    case 'overflow':
      return <Overflow element={element} press={press} />;
    case 'static_select':
    case 'radio_buttons':
      return <Choice element={element} press={press} />;
    default:
      return <span className="undrawn">{`This page does not draw a ${element.type}.`}</span>;
  }
}

function PressButton({ element, press }: ElementProps) {
  const [isBusy, setBusy] = useState(false);
  const [isAsked, setAsked] = useState(false);
  const { action_id, value, style, accessibility_label, confirm, url } = element;
  const label = wordsOf(element['text']);
  const act = async () => {
    setAsked(false);
    setBusy(true);
    await press({ actionId: String(action_id), ...(typeof value === 'string' && { value }) });
    setBusy(false);
  };
  const pressed = () => {
    // A second press during the first one is a mistake.
    if (isBusy) return;
    if (isNode(confirm)) setAsked(true);
    else void act();
  };
  const spoken = typeof accessibility_label === 'string' ? accessibility_label : undefined;
  // The label comes first, so that users of speech input can name what they see.
  const name = spoken === undefined || spoken.startsWith(label) ? spoken : `${label}: ${spoken}`;
  const shared = {
    className: `button ${typeof style === 'string' ? style : ''}`,
    'aria-label': name,
    onClick: pressed,
    children: <bdi>{label}</bdi>,
  };
  // Slack opens the page, and tells the app too.
  if (typeof url === 'string')
    return <a {...shared} href={url} title={url} target="_blank" rel="noopener noreferrer" />;
  return (
    <>
      <button type="button" {...shared} aria-disabled={isBusy} />
      {isAsked && isNode(confirm) && (
        <Confirm confirm={confirm} yes={() => void act()} no={() => setAsked(false)} />
      )}
    </>
  );
}

interface ConfirmProps {
  readonly confirm: Block | { readonly [field: string]: unknown };
  readonly yes: () => void;
  readonly no: () => void;
}

function Confirm({ confirm, yes, no }: ConfirmProps) {
  return (
    <Dialog title={wordsOf(confirm['title'])} close={no}>
      <p>
        <bdi>{wordsOf(confirm['text'])}</bdi>
      </p>
      <div className="answers">
        <button type="button" className="button" onClick={no}>
          {wordsOf(confirm['deny'])}
        </button>
        <button
          type="button"
          className={`button ${confirm['style'] === 'danger' ? 'danger' : 'primary'}`}
          onClick={yes}
        >
          {wordsOf(confirm['confirm'])}
        </button>
      </div>
    </Dialog>
  );
}

/** The buttons that are less often needed. */
function Overflow({ element, press }: ElementProps) {
  const actionId = String(element['action_id']);
  const items = optionsOf(element).map((option) => ({
    label: wordsOf(option['text']),
    choose: () => void press({ actionId, option: String(option['value']) }),
  }));
  return <Menu label="More buttons" items={items} isInline />;
}

/** A menu to fill in, drawn as the browser's own, which works with every keyboard and screen reader. */
function Choice({ element, press }: ElementProps) {
  const id = useId();
  const label = wordsOf(element['placeholder']) || 'More options';
  const options = optionsOf(element);
  const choose = async (option: string) => {
    if (option === '') return;
    await press({ actionId: String(element['action_id']), option });
  };
  return (
    <span className="choice">
      <label className="unseen" htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        defaultValue={initialOf(element)}
        onChange={(event) => void choose(event.target.value)}
      >
        <option value="">{label}</option>
        {options.map((option) => (
          <option key={String(option['value'])} value={String(option['value'])}>
            {wordsOf(option['text'])}
          </option>
        ))}
      </select>
    </span>
  );
}

export function optionsOf(element: Block): readonly Block[] {
  const groups = nodes(element['option_groups']);
  return [...nodes(element['options']), ...groups.flatMap((group) => nodes(group['options']))];
}

export function initialOf(element: Block): string {
  const { initial_option } = element;
  return isNode(initial_option) ? String(initial_option['value'] ?? '') : '';
}
