// Draws rich text with slack-blocks-to-jsx, and names, times and links in this page's way.
import { createContext, type ReactNode, useContext, useLayoutEffect, useRef } from 'react';
import { Message, type MessageProps, type RichTextBlock } from 'slack-blocks-to-jsx';

export interface Lookup {
  /** Names of people, user groups and channels by id. */
  readonly names: Readonly<Record<string, string>>;
  /** The prefix of the permalinks of this workspace's messages. */
  readonly permalinks: string;
  /** Shows a message of this workspace. */
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

/** A time in the reader's time zone, as in Slack; without the date if it is today. */
export function Moment({ at }: { readonly at: Date }) {
  if (Number.isNaN(at.getTime())) return <span>an unknown time</span>;
  const isToday = at.toDateString() === new Date().toDateString();
  const day = isToday ? 'today' : at.toLocaleDateString('en-GB', DAY);
  const clock = at.toLocaleTimeString('en-GB');
  return <time dateTime={at.toISOString()}>{`${day} ${clock}`}</time>;
}

/** A permalink shows the message in this page, another web address opens a new tab, the rest stays text. */
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
