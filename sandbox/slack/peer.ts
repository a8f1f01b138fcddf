/** A local Slack: speaks Slack's protocol to an unmodified Bolt, and enforces Slack's rules. Does I/O. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Acts, createActs } from './acts.ts';
import { type Deliver, deliverByHttp, deliverBySocket } from './delivery.ts';
import { createEvents, type Events } from './events.ts';
import { createFaults, type FaultHandle, type FaultRule } from './faults.ts';
import { createHttpLevers, type HttpLevers } from './http-levers.ts';
import { type Installation, install } from './installation.ts';
import type { Failure, Ignored, Refusal, Slack } from './slack.ts';
import { createSocketLevers, type SocketLevers } from './socket-levers.ts';
import { createSockets, type Socket, type Sockets } from './sockets.ts';
import { serve } from './web-api.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

export interface SlackPeer extends Acts, Omit<Events, 'stop'>, SocketLevers, HttpLevers {
  /** For SLACK_API_URL. */
  readonly apiUrl: string;
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly workspace: Workspace;
  /** Everything from the app that Slack would refuse; tests assert that it is empty. */
  readonly refusals: readonly Refusal[];
  /** Arguments from the app that Slack ignores, probably misspelt. */
  readonly ignored: readonly Ignored[];
  /** Every failure that people saw. */
  readonly failures: readonly Failure[];
  /** Open Socket Mode connections that accept envelopes, oldest first. */
  readonly sockets: readonly Socket[];
  fail(rule: FaultRule): FaultHandle;
  /** Answers every later call with that token with this error; null = the token works again. */
  spoil(token: 'bot' | 'app', error: string | null): void;
  /** How often the app posted to a channel, in total and in its busiest second. */
  posting(channel: string): { readonly posts: number; readonly busiestSecond: number };
  stop(): Promise<void>;
}

export interface PeerOptions extends Installation {
  /** Default: a free port. */
  readonly port?: number;
  readonly mode?: 'socket' | 'http';
  /** The app's address in HTTP mode: `http://127.0.0.1:PORT/slack/events`. */
  readonly httpTarget?: string;
  /** The waits before each retry of an event, in milliseconds; default Slack's. */
  readonly eventRetriesMs?: readonly number[];
  /**
   * `slack.test`: what the app is told to call is at https://files.slack.test and so on, as Slack has a
   * host for each part. Somebody else takes the TLS off. Default: all is at the peer's port.
   */
  readonly domain?: string;
  /** Answers requests for paths that are not Slack's, such as the page in the browser. */
  readonly page?: (request: IncomingMessage, response: ServerResponse) => void;
}

export async function startSlackPeer(options: PeerOptions = {}): Promise<SlackPeer> {
  const server = createServer();
  let origin = '';
  const { domain } = options;
  const slack = install(options, (part) =>
    domain === undefined ? origin : `https://${part}.${domain}`,
  );
  const sockets = createSockets(slack, server);
  const faults = createFaults(slack.state.clock);
  const deliver = wayToApp(options, slack, sockets);
  server.on('request', (request, response) => {
    void serve(slack, faults, request, response).then((isSlack) => {
      if (!isSlack) {
        elsewhere(options, request, response);
      }
    });
  });
  origin = `http://127.0.0.1:${await listen(server, options.port ?? 0)}`;
  const events = createEvents(slack, deliver, options.eventRetriesMs);
  const socketLevers = createSocketLevers(sockets);
  return {
    apiUrl: `${domain === undefined ? origin : `https://${domain}`}/api/`,
    origin,
    ...readings(slack),
    get sockets() {
      return sockets.ready();
    },
    ...createActs(slack, deliver),
    ...socketLevers,
    ...createHttpLevers(slack, options.httpTarget ?? '', deliver),
    openHome: events.openHome,
    say: events.say,
    rewrite: events.rewrite,
    redeliver: events.redeliver,
    fail: faults.fail,
    spoil: (token, error) => spoil(slack, token, error),
    posting: (channel) => posting(slack, channel),
    stop: async () => {
      socketLevers.stopRecycling();
      events.stop();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function wayToApp(options: PeerOptions, slack: Slack, sockets: Sockets): Deliver {
  if (options.mode !== 'http') {
    return deliverBySocket(slack, sockets);
  }
  if (options.httpTarget === undefined) {
    throw new Error('sandbox Slack: mode http needs httpTarget, the address of the app');
  }
  return deliverByHttp(slack, options.httpTarget);
}

type Readings = Pick<
  SlackPeer,
  'botToken' | 'appToken' | 'signingSecret' | 'workspace' | 'refusals' | 'ignored' | 'failures'
>;

function readings({ credentials, state, refusals, ignored, failures }: Slack): Readings {
  const { botToken, appToken, signingSecret } = credentials;
  const workspace = openWorkspace(state);
  return { botToken, appToken, signingSecret, workspace, refusals, ignored, failures };
}

function spoil({ credentials }: Slack, token: 'bot' | 'app', error: string | null): void {
  credentials[token === 'bot' ? 'botTokenError' : 'appTokenError'] = error;
}

/** Resolves with the port. It listens on loopback only, because the peer trusts every client. */
async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  // A TCP server that listens has an AddressInfo.
  return (server.address() as AddressInfo).port;
}

function elsewhere(options: PeerOptions, request: IncomingMessage, response: ServerResponse): void {
  if (options.page === undefined) {
    response.writeHead(404).end();
  } else {
    options.page(request, response);
  }
}

function posting({ state }: Slack, channel: string): { posts: number; busiestSecond: number } {
  const times = state.happenings
    .filter((one) => one.kind === 'posted' && one.message.channel === channel && one.message.byApp)
    .map((one) => one.at.getTime());
  let from = 0;
  let busiestSecond = 0;
  for (const [index, time] of times.entries()) {
    while ((times[from] ?? time) <= time - 1000) {
      from += 1;
    }
    busiestSecond = Math.max(busiestSecond, index - from + 1);
  }
  return { posts: times.length, busiestSecond };
}
