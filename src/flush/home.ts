import type { HomePart } from '../chat/home.ts';
import {
  type Block,
  bold,
  link,
  note,
  paragraph,
  type Spans,
  text,
  time,
  user,
} from '../chat/message.ts';
import { type OnServer, targetNamed } from '../chat/on-servers.ts';
import { deciderOf } from './approvers.ts';
import type { FlushParts, FlushTarget } from './parts.ts';
import { type FlushRequest, refusal } from './request.ts';
import type { FlushStore } from './stores.ts';

/** Flush requests in App Home: those that wait for this person, and this person's own. */

const SHOWN = 8;

export interface FlushHomeParts
  extends Pick<FlushParts, 'isSamePerson' | 'isAmong' | 'linkTo' | 'now'> {
  readonly flushes: Pick<FlushStore, 'open'>;
  readonly targets: readonly (OnServer & Pick<FlushTarget, 'approvers'>)[];
}

export function createFlushHome(parts: FlushHomeParts): HomePart {
  return { title: 'Flush requests', blocks: (viewer) => requestBlocks(viewer, parts) };
}

async function requestBlocks(viewer: string, parts: FlushHomeParts): Promise<readonly Block[]> {
  const open = await parts.flushes.open();
  const requests = await Promise.all(open.map((request) => forViewer(request, viewer, parts)));
  const mine = requests.filter(({ kind }) => kind === 'mine');
  const waiting = requests.filter(({ kind }) => kind === 'waits-for-me');
  const unread = requests.filter(({ kind }) => kind === 'unread');
  const others = requests.length - mine.length - waiting.length - unread.length;
  const [shownWaiting, shownMine] = [waiting.slice(0, SHOWN), mine.slice(0, SHOWN)];
  const hidden = waiting.length - shownWaiting.length + mine.length - shownMine.length;
  const links = await Promise.all(shownMine.map(({ request }) => parts.linkTo(request.id)));
  return [
    paragraph(waiting.length === 0 ? 'No request is waiting for you.' : bold('Waiting for you:')),
    ...shownWaiting.flatMap(({ request }) => waitingBlocks(request)),
    ...shownMine.map(({ request }, index) => ownBlock(request, links[index] ?? null)),
    ...(unread.length === 0
      ? []
      : [
          note(
            `${unread.length} more: the approvers could not be read, so nobody can approve now.`,
          ),
        ]),
    ...(hidden + others === 0 ? [] : [note(`${hidden + others} more: see history.`)]),
  ];
}

interface ForViewer {
  readonly request: FlushRequest;
  readonly kind: 'mine' | 'waits-for-me' | 'waits-for-others' | 'unread';
}

/** Uses the same check as a click on Approve. */
async function forViewer(
  request: FlushRequest,
  viewer: string,
  parts: FlushHomeParts,
): Promise<ForViewer> {
  const target = targetNamed(request.server, parts);
  const { approvers } = target ?? { approvers: [] };
  const decider = await deciderOf(viewer, request, { approvers }, parts);
  if (decider.isRequester === true) return { request, kind: 'mine' };
  if (target === undefined || request.state !== 'pending') {
    return { request, kind: 'waits-for-others' };
  }
  if (decider.isApprover === null) return { request, kind: 'unread' };
  const isRefused = refusal(request, decider, parts.now()) !== null;
  return { request, kind: isRefused ? 'waits-for-others' : 'waits-for-me' };
}

function waitingBlocks(request: FlushRequest): readonly Block[] {
  const { id, server, requester, requestedAt, reason } = request;
  return [
    paragraph(
      bold(id),
      ' flush ',
      bold(server),
      ', asked by ',
      user(requester),
      ' ',
      time(requestedAt),
      `: ${reason}\n`,
      ...untilSpans(request),
    ),
    {
      kind: 'buttons',
      buttons: [
        // Run as a typed line, it shows the card with the button that decides.
        { label: `Show ${id}`, line: `approve ${id}`, says: `Show ${id} and its Approve button` },
      ],
    },
  ];
}

function untilSpans({ cardAt, expiresAt }: FlushRequest): Spans {
  if (cardAt === null) return text('Its card is not posted yet');
  return text('Can be approved until ', time(expiresAt));
}

function ownBlock(request: FlushRequest, url: string | null): Block {
  const { id, server, state, reason } = request;
  const until = state === 'pending' ? ['. ', ...untilSpans(request)] : [];
  return paragraph(
    'Yours: ',
    url === null ? bold(id) : link(id, url),
    ` flush ${server}, ${state}`,
    ...until,
    `: ${reason}`,
  );
}
