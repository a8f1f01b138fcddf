/** Serves the workspace as a page in the browser, to this machine only. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SlackPeer } from '../slack/peer.ts';
import { perform, readAct } from './acts.ts';
import { type Bundle, bundleClient } from './bundle.ts';
import { isOwn, jsonBody, SAFE_HEADERS } from './door.ts';
import { guideFor, type Task } from './guide.ts';
import type { Completion, Person, SeenWorld } from './shape.ts';
import { readShortcuts } from './shortcuts.ts';
import { type Source, stream } from './stream.ts';
import { fileFor, seenBy } from './view.ts';
import type { WorldPanel } from './world-panel.ts';

/** What the page shows now. */
export interface Scene {
  readonly slack: SlackPeer;
  /** The people whom the visitor can act as. */
  readonly people: readonly Person[];
  readonly completions: readonly Completion[];
  readonly task: Task | null;
}

/** The peer's `page` handler. */
export type Handle = (request: IncomingMessage, response: ServerResponse) => void;

const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>hostcache sandbox</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/page.css">
</head>
<body>
<div id="page"><p class="waiting">The hostcache sandbox is loading. It needs JavaScript.</p></div>
<script src="/page.js"></script>
</body>
</html>
`;

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1d4e63"/><path d="M8 9h16v4H8zm0 6h16v4H8zm0 6h10v4H8z" fill="#fff"/></svg>`;

/** `scene` is called at each request, because the peer needs the page before the scene exists. */
export function createPage(scene: () => Scene, world: WorldPanel): Handle {
  // Built while the servers start. A failed build rejects the requests for the script and the style.
  const bundle = bundleClient();
  bundle.catch(() => undefined);
  const shortcuts = readShortcuts();
  const hub = { scene, world, bundle, shortcuts };
  return (request, response) => {
    void answer(hub, request, response).catch((error: unknown) => {
      if (!response.headersSent)
        plain(response, 500, `Internal error of the page: ${String(error)}\n`);
      else response.end();
    });
  };
}

interface Hub {
  readonly scene: () => Scene;
  readonly world: WorldPanel;
  readonly bundle: Promise<Bundle>;
  readonly shortcuts: ReturnType<typeof readShortcuts>;
}

async function answer(hub: Hub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { origin } = hub.scene().slack;
  if (!isOwn(request, origin)) {
    plain(response, 403, `This page answers only at its own address: ${origin}/\n`);
    return;
  }
  const { pathname, searchParams } = new URL(request.url ?? '/', origin);
  const asked = `${request.method} ${pathname}`;
  switch (asked) {
    case 'GET /':
      return send(response, 'text/html; charset=utf-8', HTML);
    case 'GET /page.js':
      return send(response, 'text/javascript; charset=utf-8', (await hub.bundle).script);
    case 'GET /page.css':
      return send(response, 'text/css; charset=utf-8', (await hub.bundle).style);
    case 'GET /icon.svg':
      return send(response, 'image/svg+xml', ICON);
    case 'GET /events':
      return sendEvents(hub, searchParams.get('as'), response);
    case 'GET /file':
      return sendFile(hub, searchParams, response);
    case 'POST /act':
      return await takeAct(hub, request, response);
    default:
      plain(response, 404, 'Not found.\n');
  }
}

function sendEvents({ scene, world, shortcuts }: Hub, as: string | null, response: ServerResponse) {
  const { slack, people } = scene();
  const [first] = people;
  const me = people.find(({ id }) => id === as)?.id ?? first?.id ?? '';
  const workspace: Source = {
    name: 'workspace',
    read: () => {
      const { completions } = scene();
      return seenBy(slack.workspace, { me, people: scene().people, shortcuts, completions });
    },
    watch: slack.workspace.watch,
  };
  const beside: Source = {
    name: 'world',
    read: () => seenWorld(scene(), world),
    watch: (listener) => {
      // The guide depends on the workspace too.
      const stops = [world.watch(listener), slack.workspace.watch(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
  stream(response, [workspace, beside]);
}

function seenWorld({ task, slack }: Scene, panel: WorldPanel): SeenWorld {
  const { world, clients, cache, incidents, starting, pulled } = panel;
  return {
    server: world === null ? null : `MySQL ${world.version.replace(/-.*/, '')}`,
    clients,
    cache,
    incidents,
    starting,
    guide: guideFor(task, world !== null, slack.workspace.happenings, pulled),
  };
}

function sendFile({ scene }: Hub, asked: URLSearchParams, response: ServerResponse): void {
  const file = fileFor(scene().slack.workspace, asked.get('as') ?? '', asked.get('id') ?? '');
  if (file === null) {
    plain(response, 404, 'File not found.\n');
    return;
  }
  const name = file.name.replaceAll(/[^\w.-]/g, '_');
  const disposition = { 'content-disposition': `attachment; filename="${name}"` };
  send(response, 'application/octet-stream', file.content, disposition);
}

async function takeAct(
  { scene, world }: Hub,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { slack, people } = scene();
  const act = readAct(await jsonBody(request));
  if (act === null || !people.some(({ id }) => id === act.as)) {
    plain(response, 400, 'Expected an act by one of the people on this page.\n');
    return;
  }
  const done = await perform(act, slack, world);
  send(response, 'application/json', JSON.stringify(done));
}

function send(
  response: ServerResponse,
  type: string,
  body: string | Buffer,
  more: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(200, { ...SAFE_HEADERS, 'content-type': type, ...more });
  response.end(body);
}

function plain(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { ...SAFE_HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  response.end(words);
}
