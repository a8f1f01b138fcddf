// The guide for a visitor; it marks the steps that are done.
import { useContext } from 'react';
import type { Guide, Step } from '../shape.ts';
import { LookupContext } from './drawn.tsx';

interface TryThisProps {
  readonly guide: Guide;
  readonly starting: readonly string[];
  readonly fill: (line: string) => void;
}

export function TryThis({ guide: { says, alert, steps }, starting, fill }: TryThisProps) {
  const { visit } = useContext(LookupContext);
  const next = steps.findIndex(({ isDone }) => !isDone);
  return (
    <section aria-labelledby="try-this" className="try-this">
      <h2 id="try-this">Try this</h2>
      <p aria-live="polite">{says}</p>
      {starting.length > 0 && <Starting lines={starting} />}
      {alert !== null && (
        <p>
          The bot has posted an alert.{' '}
          <button
            type="button"
            className="link"
            onClick={() => visit(alert.channel, alert.ts, null)}
          >
            Show the alert
          </button>
        </p>
      )}
      <ol>
        {steps.map((step, index) => (
          <li
            key={step.title}
            className={step.isDone ? 'done' : ''}
            aria-current={index === next ? 'step' : undefined}
          >
            <b>{step.title}</b>
            {step.isDone && <span className="tick">, done</span>}
            {index === next && <Detail step={step} fill={fill} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Each part as it starts; the last line is under way. */
function Starting({ lines }: { readonly lines: readonly string[] }) {
  return (
    <ol className="starting" aria-label="What has started" aria-live="polite">
      {lines.map((line, index) => {
        const isDone = index < lines.length - 1;
        return (
          <li
            key={line}
            className={isDone ? 'done' : ''}
            aria-current={isDone ? undefined : 'step'}
          >
            <b>{line}</b>
            {isDone && <span className="tick"> Done.</span>}
          </li>
        );
      })}
    </ol>
  );
}

/** Draws words between backticks as code. */
function Detail({
  step: { text, types },
  fill,
}: { readonly step: Step } & Pick<TryThisProps, 'fill'>) {
  return (
    <>
      <p>
        {text
          .split('`')
          .map((part, index) => (index % 2 === 1 ? <code key={part}>{part}</code> : part))}
      </p>
      {types !== null && (
        <button type="button" className="button" onClick={() => fill(types)}>
          Type it for me
        </button>
      )}
    </>
  );
}
