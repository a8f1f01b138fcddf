/** Socket Mode: tickets, hello, envelopes and their acknowledgements, and all kinds of disconnects. Does I/O. */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { refuse, refused, type Slack } from './slack.ts';
import { nextId } from './workspace-state.ts';

/** https://docs.slack.dev/apis/events-api/using-socket-mode#disconnect */
export type DisconnectReason =
  | 'warning'
  | 'refresh_requested'
  | 'too_many_websockets'
  | 'link_disabled';

export interface Socket {
  readonly id: string;
  readonly ws: WebSocket;
  /** It got a disconnect message, so it gets no more envelopes. */
  isLeaving: boolean;
  /** The number of envelopes sent to it. */
  envelopes: number;
}

export interface Envelope {
  readonly type: 'slash_commands' | 'interactive' | 'events_api';
  readonly accepts_response_payload: boolean;
  readonly payload: object;
  readonly retry_attempt?: number;
  readonly retry_reason?: string;
}

export interface Sockets {
  /** Sockets after hello and before a disconnect, in the order in which they get envelopes. */
  readonly ready: () => readonly Socket[];
  /** All open sockets, with those that are leaving. */
  readonly all: () => readonly Socket[];
  /** Sends the envelope to one socket; false = none is ready. Calls `acknowledged` at most once. */
  readonly send: (envelope: Envelope, acknowledged: (payload: unknown) => void) => boolean;
  readonly disconnect: (reason: DisconnectReason, socket?: Socket) => void;
  /** Cuts connections without a message, like a lost network. */
  readonly cut: (socket?: Socket) => void;
  readonly close: () => void;
}

/** Slack allows ten connections per app. */
const CONNECTIONS = 10;

/** Slack pings every few seconds; Bolt gives up after 30 s without a ping. */
const PING_MS = 5000;

/** The time from the message to the close: about ten seconds for a `warning`, short for the others. */
const GRACE_MS: Readonly<Record<DisconnectReason, number>> = {
  warning: 10_000,
  refresh_requested: 1000,
  too_many_websockets: 100,
  link_disabled: 100,
};

export function createSockets(slack: Slack, server: Server): Sockets {
  const gateway = new WebSocketServer({ noServer: true });
  const room: Room = { slack, sockets: [], waiting: new Map() };
  const { sockets } = room;
  server.on('upgrade', (request, stream, head) => {
    const refusal = admission(slack, request.url ?? '/');
    if (refusal === null) {
      gateway.handleUpgrade(request, stream, head, (ws) => welcome(room, ws));
    } else {
      stream.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
    }
  });
  const chosen = (socket: Socket | undefined) => (socket === undefined ? [...sockets] : [socket]);
  return {
    ready: () => ready(room),
    all: () => [...sockets],
    send: (envelope, acknowledged) => send(room, envelope, acknowledged),
    disconnect: (reason, socket) => {
      for (const one of chosen(socket)) {
        dismiss(one, reason);
      }
    },
    cut: (socket) => {
      for (const one of chosen(socket)) {
        one.ws.terminate();
      }
    },
    close: () => {
      for (const one of [...sockets]) {
        one.ws.terminate();
      }
      gateway.close();
    },
  };
}

interface Room {
  readonly slack: Slack;
  readonly sockets: Socket[];
  /** Callbacks of envelopes that are not acknowledged yet, by id. */
  readonly waiting: Map<string, (payload: unknown) => void>;
}

/** The refusal of an upgrade; null = its ticket is valid, and is now used up. */
function admission(slack: Slack, url: string): string | null {
  const { pathname, searchParams } = new URL(url, 'http://peer');
  if (pathname !== '/link/') {
    return '404 Not Found';
  }
  if (slack.tickets.delete(searchParams.get('ticket') ?? '')) {
    return null;
  }
  refuse(slack, 'socket', refused('invalid_ticket'), url);
  return '403 Forbidden';
}

function ready({ sockets }: Room): readonly Socket[] {
  return sockets.filter(({ isLeaving, ws }) => !isLeaving && ws.readyState === ws.OPEN);
}

function send(room: Room, envelope: Envelope, acknowledged: (payload: unknown) => void): boolean {
  const [next] = [...ready(room)].sort((a, b) => a.envelopes - b.envelopes);
  if (next === undefined) {
    return false;
  }
  const id = randomUUID();
  room.waiting.set(id, acknowledged);
  next.envelopes += 1;
  next.ws.send(JSON.stringify({ envelope_id: id, ...envelope }));
  return true;
}

function welcome(room: Room, ws: WebSocket): void {
  const { slack, sockets, waiting } = room;
  const socket: Socket = { id: nextId(slack.state, 'W'), ws, isLeaving: false, envelopes: 0 };
  sockets.push(socket);
  const ping = setInterval(() => ws.ping(), PING_MS).unref();
  ws.on('close', () => {
    clearInterval(ping);
    sockets.splice(sockets.indexOf(socket), 1);
  });
  // A broken connection is only closed.
  ws.on('error', () => ws.terminate());
  ws.on('message', (data) => receive(slack, waiting, String(data)));
  if (sockets.length > CONNECTIONS) {
    refuse(slack, 'socket', refused('too_many_websockets'), { connections: sockets.length });
    dismiss(socket, 'too_many_websockets');
    return;
  }
  // A new socket starts with the lowest count of the others, so that it does not get all envelopes at first.
  const others = sockets.filter((one) => one !== socket && !one.isLeaving);
  socket.envelopes = others.length === 0 ? 0 : Math.min(...others.map((one) => one.envelopes));
  ws.send(
    JSON.stringify({
      type: 'hello',
      num_connections: sockets.length,
      debug_info: { host: 'sandbox', build_number: 1, approximate_connection_time: 18_060 },
      connection_info: { app_id: slack.state.bot.appId },
    }),
  );
}

function dismiss(socket: Socket, reason: DisconnectReason): void {
  socket.isLeaving = true;
  socket.ws.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'sandbox' } }));
  setTimeout(() => socket.ws.close(1000), GRACE_MS[reason]).unref();
}

function receive(
  slack: Slack,
  waiting: Map<string, (payload: unknown) => void>,
  text: string,
): void {
  const parsed = parse(text);
  const acknowledged = waiting.get(parsed?.envelope_id ?? '');
  if (parsed === null || acknowledged === undefined) {
    refuse(slack, 'socket', refused('unknown_envelope'), text);
    return;
  }
  waiting.delete(parsed.envelope_id);
  acknowledged(parsed.payload);
}

function parse(text: string): { readonly envelope_id: string; readonly payload: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'envelope_id' in value
      ? {
          envelope_id: String(value.envelope_id),
          payload: 'payload' in value ? value.payload : undefined,
        }
      : null;
  } catch {
    // Not JSON: the caller refuses it as an unknown envelope.
    return null;
  }
}
