// The whole page: the person, the place in the workspace, and the panel beside it.
import { useCallback, useMemo, useRef, useState } from 'react';
import { type Send, SendContext, sendAct } from './act.ts';
import type { ComposerHandle } from './composer.tsx';
import { LookupContext } from './drawn.tsx';
import { useFeed } from './feed.ts';
import { Modal } from './modal.tsx';
import { type Place, usePlace } from './place.ts';
import { Workspace } from './workspace.tsx';
import { World } from './world.tsx';

export function App() {
  const [me, setMe] = useState<string | null>(null);
  const { seen, world, isLive } = useFeed(me);
  const [pane, setPane] = useState<Pane>('slack');
  const [notice, setNotice] = useState<string | null>(null);
  const send = useSending(me ?? seen?.me ?? '', setNotice);
  const place = usePlace(seen);
  const composer = useRef<ComposerHandle>(null);
  const { visit: reveal } = place;
  const visit = useCallback<Place['visit']>(
    (...where) => {
      setPane('slack');
      reveal(...where);
    },
    [reveal],
  );
  const fill = (line: string) => {
    setPane('slack');
    fillIn(place, seen?.conversations[0]?.id, composer, line);
  };
  const lookup = useMemo(
    () => ({ names: seen?.names ?? {}, permalinks: seen?.permalinks ?? '', visit }),
    [seen?.names, seen?.permalinks, visit],
  );
  const become = (person: string) => {
    setMe(person);
    setNotice(null);
    place.openThread(null);
  };
  return (
    <SendContext value={send}>
      <LookupContext value={lookup}>
        <div className={`page shows-${pane} ${place.thread === null ? '' : 'with-thread'}`}>
          <Banner isLive={isLive} />
          <Panes pane={pane} show={setPane} />
          {seen === null || seen.conversations.length === 0 ? (
            <main className="place">
              <p className="waiting">The sandbox is starting …</p>
            </main>
          ) : (
            <Workspace {...{ seen, place, notice, composer, become }} me={me ?? seen.me} />
          )}
          <World world={world} fill={fill} />
        </div>
        {seen?.modal != null && <Modal key={seen.modal.id} view={seen.modal} />}
      </LookupContext>
    </SendContext>
  );
}

function useSending(who: string, showFailure: (failure: string | null) => void): Send {
  return useCallback(
    async (act) => {
      const failure = await sendAct({ ...act, as: who });
      // An act that works clears the failure of an earlier one.
      showFailure(failure);
      return failure;
    },
    [who, showFailure],
  );
}

/** Goes to the first channel and puts a line into its composer. */
function fillIn(
  { channel, go }: Place,
  first: string | undefined,
  composer: { readonly current: ComposerHandle | null },
  line: string,
): void {
  if (first === undefined || channel === first) {
    // On a phone, the page draws the box first.
    setTimeout(() => composer.current?.fill(line), 0);
    return;
  }
  go(first);
  // React draws the channel's composer first.
  setTimeout(() => composer.current?.fill(line), 0);
}

/** What a narrow screen shows; a wide one shows both. */
type Pane = 'slack' | 'world';

interface PanesProps {
  readonly pane: Pane;
  readonly show: (pane: Pane) => void;
}

function Panes({ pane, show }: PanesProps) {
  return (
    <fieldset className="panes">
      <legend className="unseen">Show</legend>
      {(['slack', 'world'] as const).map((one) => (
        <button key={one} type="button" aria-pressed={one === pane} onClick={() => show(one)}>
          {one === 'slack' ? 'Slack' : 'Try this'}
        </button>
      ))}
    </fieldset>
  );
}

function Banner({ isLive }: { readonly isLive: boolean }) {
  return (
    <header className="banner">
      <a className="skip" href="#conversation">
        Skip to the conversation
      </a>
      <a className="skip" href="#world">
        Skip to what to try
      </a>
      <h1>hostcache sandbox</h1>
      <p>
        A sandbox on this machine. The bot and the MySQL server are real. It does not use your Slack
        or your servers.
      </p>
      {!isLive && (
        <p role="alert" className="error">
          The sandbox does not respond. Is npm run demo still running?
        </p>
      )}
    </header>
  );
}
