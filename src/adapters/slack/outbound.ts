// The one way from here to Slack: directly, or through a proxy. Does I/O.
import { Agent, type Dispatcher, EnvHttpProxyAgent, Pool, fetch as undiciFetch } from 'undici';
import { within } from '../../chat/waiting.ts';
import { createProxyFault } from './unreached.ts';

/** URLs of proxies, chosen by the scheme of the address that is asked for; null = none. */
export interface Proxies {
  readonly https: string | null;
  readonly http: string | null;
  /** As NO_PROXY lists them. */
  readonly except: string | null;
}

export interface Outbound {
  readonly fetch: typeof fetch;
  /** For a WebSocket; undefined = no proxy is set, and any will do. */
  readonly dispatcher: Dispatcher | undefined;
  /** Connects to the URL's host as a call would, sends no request. Rejects with what is in the way. */
  reach(url: string): Promise<void>;
}

/** For reach(): undici's own limit of a connection is as long. */
const REACH_MS = 10_000;

const made = new WeakMap<Proxies, Outbound>();

const direct = createOutbound(new Agent(), undefined);

/** Absent or null = no proxy. The same proxies share their connections. */
export function outboundBy(proxies: Proxies | null | undefined): Outbound {
  if (proxies === null || proxies === undefined) return direct;
  const before = made.get(proxies);
  if (before !== undefined) return before;
  // An empty text also keeps undici from reading the environment, which config/ has read.
  const agent = new EnvHttpProxyAgent({
    httpsProxy: proxies.https ?? '',
    httpProxy: proxies.http ?? '',
    noProxy: proxies.except ?? '',
    clientFactory: createProxyClient,
  });
  const outbound = createOutbound(agent, agent);
  made.set(proxies, outbound);
  return outbound;
}

function createOutbound(agent: Dispatcher, dispatcher: Dispatcher | undefined): Outbound {
  // Node 20's own fetch does not take a dispatcher of undici 7. Undici's fetch is the same function
  // with its own types of the same standard.
  const fetchBy = (url: Parameters<typeof undiciFetch>[0], init?: object) =>
    undiciFetch(url, { ...init, dispatcher: agent });
  return {
    fetch: fetchBy as unknown as typeof fetch,
    dispatcher,
    reach: (url) => {
      const origin = new URL(url.replace(/^ws/, 'http')).origin;
      return within(connectTo(origin, agent), REACH_MS, () => {
        throw Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' });
      });
    },
  };
}

function connectTo(origin: string, agent: Dispatcher): Promise<void> {
  return new Promise((resolve, reject) => {
    agent.dispatch(
      { origin, path: '/', method: 'HEAD' },
      {
        // The connection is open, and the request is not sent yet.
        onRequestStart: (controller) => {
          resolve();
          controller.abort(new Error('the host was reached'));
        },
        onResponseError: (_, error) => reject(error),
      },
    );
  });
}

/** The connections to the proxy. Their errors name the proxy, so that Slack is not blamed. */
function createProxyClient(proxy: URL, options: object): Dispatcher {
  const pool = new Pool(proxy, options);
  const connect = pool.connect.bind(pool);
  const connectOrSay = async (asked: Dispatcher.ConnectOptions) => {
    const fault = { proxy: proxy.host, target: asked.path };
    const answer = await connect(asked).catch((error: unknown) => {
      throw createProxyFault({ ...fault, status: null }, error);
    });
    if (answer.statusCode === 200) return answer;
    answer.socket.on('error', () => undefined).destroy();
    throw createProxyFault({ ...fault, status: answer.statusCode });
  };
  // ProxyAgent only calls the form of connect() that returns a promise.
  return Object.assign(pool, { connect: connectOrSay as typeof pool.connect });
}
