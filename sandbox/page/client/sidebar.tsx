// The list of people to act as, and of conversations to open.
import type { Conversation, Seen } from '../shape.ts';

interface SidebarProps {
  readonly seen: Seen;
  readonly me: string;
  readonly current: string;
  /** Ids of the conversations with unread messages. */
  readonly fresh: ReadonlySet<string>;
  readonly go: (channel: string) => void;
  readonly become: (person: string) => void;
}

export function Sidebar({ seen, me, current, fresh, go, become }: SidebarProps) {
  return (
    <nav className="sidebar" aria-label="Workspace">
      <fieldset>
        <legend>You are</legend>
        {seen.people.map(({ id, name }) => (
          <label key={id} className={id === me ? 'chosen' : ''}>
            <input
              type="radio"
              name="person"
              value={id}
              checked={id === me}
              onChange={() => become(id)}
            />
            {name}
          </label>
        ))}
      </fieldset>
      {(['channel', 'app'] as const).map((kind) => (
        <Places
          key={kind}
          heading={kind === 'channel' ? 'Channels' : 'Apps'}
          places={seen.conversations.filter((one) => one.kind === kind)}
          {...{ current, fresh, go }}
        />
      ))}
    </nav>
  );
}

interface PlacesProps extends Pick<SidebarProps, 'current' | 'fresh' | 'go'> {
  readonly heading: string;
  readonly places: readonly Conversation[];
}

function Places({ heading, places, current, fresh, go }: PlacesProps) {
  if (places.length === 0) return null;
  return (
    <>
      <h2>{heading}</h2>
      <ul>
        {places.map(({ id, name, kind }) => {
          const isNew = fresh.has(id);
          return (
            <li key={id}>
              <button
                type="button"
                className={isNew ? 'new' : ''}
                aria-current={id === current ? 'page' : undefined}
                onClick={() => go(id)}
              >
                <bdi>{kind === 'channel' ? `# ${name}` : name}</bdi>
                {isNew && <span className="unread"> new</span>}
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}
