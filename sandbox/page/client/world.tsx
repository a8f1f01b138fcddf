// The panel beside the workspace: the guide, the levers, the server's host cache, what happened.
import { useState } from 'react';
import type { Client, SeenWorld } from '../shape.ts';
import { useSend } from './act.ts';
import { CacheTable } from './cache-table.tsx';
import { TryThis } from './try-this.tsx';

interface WorldProps {
  readonly world: SeenWorld | null;
  readonly fill: (line: string) => void;
}

export function World({ world, fill }: WorldProps) {
  return (
    <aside className="world" id="world" aria-label="Outside Slack">
      {world === null ? (
        <p className="faint">Starting …</p>
      ) : (
        <>
          <TryThis guide={world.guide} starting={world.starting} fill={fill} />
          <Levers clients={world.clients} />
          <CacheTable cache={world.cache} server={world.server} />
          <Incidents incidents={world.incidents} />
        </>
      )}
    </aside>
  );
}

function Levers({ clients }: { readonly clients: readonly Client[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const client = clients.find(({ address }) => address === chosen) ?? clients[0];
  if (client === undefined) return null;
  return (
    <section aria-labelledby="levers">
      <h2 id="levers">Levers</h2>
      <label className="machine">
        Machine
        <select value={client.address} onChange={(event) => setChosen(event.target.value)}>
          {clients.map(({ address, host }) => (
            <option key={address} value={address}>
              {`${address} (${host})`}
            </option>
          ))}
        </select>
      </label>
      <LeverButtons client={client} />
    </section>
  );
}

function LeverButtons({ client }: { readonly client: Client }) {
  const send = useSend();
  const [busy, setBusy] = useState<string | null>(null);
  const pull = async (lever: string) => {
    if (busy !== null) return;
    setBusy(lever);
    await send({ kind: 'lever', lever, address: client.address });
    setBusy(null);
  };
  const levers = [
    { lever: 'fix', label: 'Fix DNS' },
    { lever: 'break', label: 'Break DNS' },
    { lever: 'probe', label: 'Health check ×100' },
    { lever: 'login', label: `${client.account} logs in` },
  ];
  return (
    <div className="levers">
      {levers.map(({ lever, label }) => (
        <button
          key={lever}
          type="button"
          className="button"
          aria-disabled={busy !== null}
          onClick={() => void pull(lever)}
        >
          {busy === lever ? `${label} …` : label}
        </button>
      ))}
    </div>
  );
}

function Incidents({ incidents }: Pick<SeenWorld, 'incidents'>) {
  return (
    <section aria-labelledby="incidents">
      <h2 id="incidents">What happened</h2>
      <ol className="incidents" aria-live="polite">
        {incidents.toReversed().map(({ at, text }) => (
          <li key={`${at} ${text}`}>
            <time dateTime={at}>{new Date(at).toLocaleTimeString('en-GB')}</time> <bdi>{text}</bdi>
          </li>
        ))}
      </ol>
    </section>
  );
}
