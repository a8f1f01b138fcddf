import type { Log } from './log.ts';
import { user as mention, paragraph } from './message.ts';
import { isAmong, type People, type Standing } from './people.ts';
import { answer, type Reply, refuse } from './reply.ts';

/** The first question to whoever asks in chat: whether they may use the bot at all. */

/** Why this person may not, in one private line; null = they may. */
export type Guard = (user: string) => Promise<Reply | null>;

export interface GuardParts {
  /** Ids of people and user groups; empty = every full member. */
  readonly operators: readonly string[];
  readonly people: People;
  readonly log: Log;
}

const OTHERS: Readonly<Record<Exclude<Standing, 'member'>, string>> = {
  guest: 'guests',
  bot: 'bots',
  stranger: 'people of other workspaces',
  deactivated: 'deactivated people',
};

/** A refusal names no more operators than this. */
const NAMED = 10;

export function createGuard({ operators, people, log }: GuardParts): Guard {
  return async (user) => {
    const standing = await people.find(user);
    if (!standing.known) return unread(user, standing.why, log);
    if (standing.value !== 'member') {
      log.info('somebody may not use the bot', { user, standing: standing.value });
      return notMember(OTHERS[standing.value], operators.length > 0);
    }
    if (operators.length === 0) return null;
    const isOperator = await isAmong(user, operators, people);
    if (!isOperator.known) return unread(user, isOperator.why, log);
    if (isOperator.value) return null;
    log.info('somebody may not use the bot', { user, standing: 'no operator' });
    return notOperator(operators);
  };
}

function unread(user: string, why: string, log: Log): Reply {
  log.warn('it could not be read whether somebody may use the bot', { user, why });
  const says = `You may not use hostcache now: Slack did not say who you are (${why}).`;
  return refuse(`${says} Try again in a minute, or tell whoever runs hostcache.`, 3);
}

function notMember(others: string, hasOperators: boolean): Reply {
  const who = hasOperators
    ? 'those full members of this workspace that are its operators'
    : 'full members of this workspace';
  return refuse(`hostcache is for ${who}; ${others} may not use it.`);
}

function notOperator(operators: readonly string[]): Reply {
  const headline = 'You may not use hostcache: it is for its operators.';
  const named = operators.slice(0, NAMED).flatMap((id, index) => {
    return index === 0 ? [mention(id)] : [', ', mention(id)];
  });
  const more = operators.length - NAMED;
  const rest = more > 0 ? ` and ${more} more.` : '.';
  const blocks = [paragraph(headline, ' These may: ', ...named, rest)];
  return answer({ headline, blocks }, [], 2);
}
