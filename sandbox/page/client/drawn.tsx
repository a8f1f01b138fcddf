// Rich text drawn by slack-blocks-to-jsx, with names, times and links as this page has them.
import { createContext, type ReactNode, useContext, useLayoutEffect, useRef } from 'react';
import { Message, type MessageProps, type RichTextBlock } from 'slack-blocks-to-jsx';

export interface Lookup {
  /** Of people, user groups and channels, by id. */
  readonly names: Readonly<Record<string, string>>;
  /** How the address of a message of this workspace begins. */
  readonly permalinks: string;
  /** Leads to a message of this workspace. */
  readonly visit: (channel: string, ts: string, threadTs: string | null) => void;
}

export const LookupContext = createContext<Lookup>({
  names: {},
  permalinks: '',
  visit: () => undefined,
});

export function Rich({ block }: { readonly block: RichTextBlock }) {
  const lookup = useContext(LookupContext);
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // The library gives every message the same id.
    host.current?.querySelector('#slack_blocks_to_jsx')?.removeAttribute('id');
  });
  return (
    <div className="rich" ref={host}>
      <Message
        blocks={[block]}
        logo=""
        name=""
        theme="light"
        withoutWrapper
        hooks={hooksOf(lookup)}
      />
    </div>
  );
}

type Hooks = NonNullable<MessageProps['hooks']>;

function hooksOf(lookup: Lookup): Hooks {
  const mention = (sign: string, id: string): ReactNode => (
    <span className="mention">
      <bdi>{`${sign}${lookup.names[id] ?? id}`}</bdi>
    </span>
  );
  return {
    user: ({ id }) => mention('@', id),
    usergroup: ({ id }) => mention('@', id),
    channel: ({ id }) => mention('#', id),
    date: ({ timestamp }) => <Moment at={new Date(Number(timestamp) * 1000)} />,
    link: ({ href, children }) => linkTo(lookup, href, children),
  };
}

const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };

/** In the reader's own zone, as Slack draws it; without the day where it is today. */
export function Moment({ at }: { readonly at: Date }) {
  if (Number.isNaN(at.getTime())) return <span>an unknown time</span>;
  const isToday = at.toDateString() === new Date().toDateString();
  const day = isToday ? 'today' : at.toLocaleDateString('en-GB', DAY);
  const clock = at.toLocaleTimeString('en-GB');
  return <time dateTime={at.toISOString()}>{`${day} ${clock}`}</time>;
}

/** A message of this workspace is visited here; other pages open beside; what is no web page stays text. */
function linkTo({ permalinks, visit }: Lookup, href: string, words: ReactNode): ReactNode {
  if (permalinks !== '' && href.startsWith(permalinks)) {
    const { pathname, searchParams } = new URL(href);
    const [, , channel = '', message = ''] = pathname.split('/');
    const ts = message.replace(/^p(\d+)(\d{6})$/, '$1.$2');
    return (
      <button
        type="button"
        className="link"
        onClick={() => visit(channel, ts, searchParams.get('thread_ts'))}
      >
        {words}
      </button>
    );
  }
  if (!/^https?:\/\//i.test(href)) return <span>{words}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {words}
    </a>
  );
}
