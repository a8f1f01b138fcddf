import type { Log } from './log.ts';
import { user as mention, paragraph } from './message.ts';
import { isAmong, type People, type Standing } from './people.ts';
import { answer, type Reply, refuse } from './reply.ts';

/** Checks whether a person in chat may use the bot at all. */

/** Why this person may not use the bot, as a private reply; null = they may. */
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

/** A refusal names at most this many operators. */
const NAMED = 10;

export function createGuard({ operators, people, log }: GuardParts): Guard {
  return async (user) => {
    const standing = await people.find(user);
    if (!standing.known) return notConfirmed(user, standing.why, log);
    if (standing.value !== 'member') {
      log.info('a person may not use the bot', { user, standing: standing.value });
      const refused = notMember(OTHERS[standing.value], operators.length > 0);
      return standing.value === 'bot' ? { ...refused, nobodyReads: true } : refused;
    }
    if (operators.length === 0) return null;
    const isOperator = await isAmong(user, operators, people);
    if (!isOperator.known) return notConfirmed(user, isOperator.why, log);
    if (isOperator.value) return null;
    log.info('a person may not use the bot', { user, standing: 'not an operator' });
    return notOperator(operators);
  };
}

function notConfirmed(user: string, why: string, log: Log): Reply {
  log.warn('could not check whether a person may use the bot', { user, why });
  const says = `You may not use hostcache now: Slack did not confirm who you are (${why}).`;
  return refuse(`${says} Try again in a minute, or contact the person who runs hostcache.`, 3);
}

function notMember(others: string, hasOperators: boolean): Reply {
  const who = hasOperators
    ? 'operators who are full members of this workspace'
    : 'full members of this workspace';
  return refuse(`hostcache is for ${who}; ${others} may not use it.`);
}

function notOperator(operators: readonly string[]): Reply {
  const headline = 'You may not use hostcache: you are not one of its operators.';
  const named = operators.slice(0, NAMED).flatMap((id, index) => {
    return index === 0 ? [mention(id)] : [', ', mention(id)];
  });
  const more = operators.length - NAMED;
  const rest = more > 0 ? ` and ${more} more.` : '.';
  const blocks = [paragraph(headline, ' The operators are: ', ...named, rest)];
  return answer({ headline, blocks }, [], 2);
}
