// The server's host cache, as a table.
import type { HostCache, HostCacheRow } from '../shape.ts';

interface CacheTableProps {
  readonly cache: HostCache;
  /** null = the server is not up yet. */
  readonly server: string | null;
}

export function CacheTable({ cache, server }: CacheTableProps) {
  return (
    <section aria-labelledby="host-cache">
      <h2 id="host-cache">Host cache of main</h2>
      <p className="faint">
        {server === null
          ? 'The server is starting.'
          : `${server}, a real server in this sandbox; read every second.`}
      </p>
      {cache.kind === 'unread' ? (
        server !== null && <p>{`The host cache cannot be read: ${cache.why}`}</p>
      ) : (
        <Rows rows={cache.rows} maxConnectErrors={cache.maxConnectErrors} />
      )}
    </section>
  );
}

interface RowsProps {
  readonly rows: readonly HostCacheRow[];
  readonly maxConnectErrors: number;
}

function Rows({ rows, maxConnectErrors }: RowsProps) {
  if (rows.length === 0) return <p className="empty">The host cache is empty.</p>;
  return (
    <table className="cache">
      <thead>
        <tr>
          <th scope="col">Address</th>
          <th scope="col">Host</th>
          <th scope="col" className="right">
            Connect errors
          </th>
        </tr>
      </thead>
      {rows.map((row) => (
        // A changed row gets a new key, so that it is redrawn and highlighted.
        <Row key={JSON.stringify(row)} row={row} maxConnectErrors={maxConnectErrors} />
      ))}
    </table>
  );
}

function Row({ row, maxConnectErrors }: { row: HostCacheRow; maxConnectErrors: number }) {
  const { address, host, validated, connectErrors, counters } = row;
  const isBlocked = connectErrors >= maxConnectErrors;
  const others = Object.entries(counters);
  return (
    <tbody className="changed">
      <tr>
        <th scope="row">{address}</th>
        <td>{host === null ? <em>{validated ? 'NULL' : 'unknown'}</em> : <bdi>{host}</bdi>}</td>
        <td className={`right ${isBlocked ? 'blocked' : ''}`}>
          {`${connectErrors} / ${maxConnectErrors}${isBlocked ? ' blocked' : ''}`}
        </td>
      </tr>
      {others.length > 0 && (
        <tr className="counters">
          <td colSpan={3}>{others.map(([column, count]) => `${column} ${count}`).join(', ')}</td>
        </tr>
      )}
    </tbody>
  );
}
