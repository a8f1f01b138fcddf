import { z } from 'zod';
import type { People, Standing, Told } from '../../chat/people.ts';
import { ask, createClient, type SlackAccess } from './client.ts';

/** Looks up who a person is in Slack, and who is in a user group. Does I/O. */

export interface PeopleOptions extends SlackAccess {
  readonly now: () => Date;
  /** For one call; default 3 s. */
  readonly timeoutMs?: number;
}

/** A person who leaves a group must lose its permissions within a minute. */
const CACHE_MS = 60_000;

/** Short, because a person waits for the answer. */
const CALL_MS = 3000;

const teamRule = z.object({ team_id: z.string() });

/** https://docs.slack.dev/reference/objects/user-object */
const userRule = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string(),
    deleted: z.boolean(),
    is_bot: z.boolean(),
    is_workflow_bot: z.boolean().optional(),
    is_connector_bot: z.boolean().optional(),
    is_stranger: z.boolean().optional(),
    /** Not given for deactivated people. */
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
    /** In an Enterprise organisation: the person's id there, and all their workspaces. */
    enterprise_user: z
      .object({ id: z.string().optional(), teams: z.array(z.string()).optional() })
      .optional(),
  }),
});

const membersRule = z.object({ users: z.array(z.string()) });

/** Slackbot, which Slack does not mark as a bot. */
const SLACKBOT = 'USLACKBOT';

export function createPeople({ now, timeoutMs = CALL_MS, ...access }: PeopleOptions): People {
  const client = createClient(access, { timeoutMs, retries: 1 });
  const persons = createCache<Person>(now);
  const groups = createCache<ReadonlySet<string>>(now);
  let team: string | null = null;

  /** Never rejects. */
  async function call<T>(method: string, rule: z.ZodType<T>, options = {}): Promise<Told<T>> {
    const asked = await ask(rule, () => client.apiCall(method, options));
    if (asked.kind === 'told') return { known: true, value: asked.value };
    return { known: false, why: `${method}: ${asked.kind === 'refused' ? asked.code : asked.why}` };
  }

  async function ownTeam(): Promise<Told<string>> {
    if (team !== null) return { known: true, value: team };
    const asked = await call('auth.test', teamRule);
    if (!asked.known) return asked;
    team = asked.value.team_id;
    return { known: true, value: team };
  }

  async function readPerson(user: string): Promise<Told<Person>> {
    const [home, found] = await Promise.all([ownTeam(), call('users.info', userRule, { user })]);
    if (!home.known) return home;
    return found.known ? personOf(user, found.value.user, home.value) : found;
  }

  async function told<F extends keyof Person>(user: string, field: F): Promise<Told<Person[F]>> {
    const person = await persons(user, () => readPerson(user));
    return person.known ? { known: true, value: person.value[field] } : person;
  }

  async function readMembers(usergroup: string): Promise<Told<ReadonlySet<string>>> {
    const asked = await call('usergroups.users.list', membersRule, { usergroup });
    return asked.known ? { known: true, value: new Set(asked.value.users) } : asked;
  }

  return {
    find: (user) => told(user, 'standing'),
    idsOf: (user) => told(user, 'ids'),
    members: (group) => groups(group, () => readMembers(group)),
  };
}

interface Person {
  readonly standing: Standing;
  readonly ids: ReadonlySet<string>;
}

/** `asked` is the id that Slack signed. An answer that is not proved to be about it says nothing. */
function personOf(asked: string, user: UserInfo, team: string): Told<Person> {
  const { id, enterprise_user: organisation } = user;
  const isAboutThem = [id, organisation?.id].includes(asked) || id === organisation?.id;
  if (!isAboutThem) return { known: false, why: `users.info: ${id} in the answer about ${asked}` };
  const standing = standingOf(user, team);
  if (!standing.known) return standing;
  const ids = new Set([asked, id, organisation?.id ?? id]);
  return { known: true, value: { standing: asked === SLACKBOT ? 'bot' : standing.value, ids } };
}

type UserInfo = z.output<typeof userRule>['user'];

function standingOf(user: UserInfo, team: string): Told<Standing> {
  const isOfTeam = user.team_id === team || user.enterprise_user?.teams?.includes(team) === true;
  if (user.deleted) return { known: true, value: 'deactivated' };
  if (user.is_stranger === true || !isOfTeam) return { known: true, value: 'stranger' };
  const isBot = user.is_bot || user.is_workflow_bot === true || user.is_connector_bot === true;
  if (isBot || user.id === SLACKBOT) return { known: true, value: 'bot' };
  if (user.is_restricted === undefined || user.is_ultra_restricted === undefined) {
    return { known: false, why: 'users.info: no guest flags' };
  }
  const isGuest = user.is_restricted || user.is_ultra_restricted;
  return { known: true, value: isGuest ? 'guest' : 'member' };
}

/** Caches known answers, from the moment of the question. Unknown answers are not cached. */
function createCache<T>(
  now: () => Date,
): (key: string, read: () => Promise<Told<T>>) => Promise<Told<T>> {
  const cached = new Map<string, { readonly atMs: number; readonly answer: Promise<Told<T>> }>();
  function isFresh(atMs: number): boolean {
    const ageMs = now().getTime() - atMs;
    // A clock that was set back must not keep an answer longer.
    return ageMs >= 0 && ageMs < CACHE_MS;
  }
  return async (key, read) => {
    for (const [other, { atMs }] of cached) if (!isFresh(atMs)) cached.delete(other);
    const before = cached.get(key);
    if (before !== undefined) return await before.answer;
    const mine = { atMs: now().getTime(), answer: read() };
    cached.set(key, mine);
    const answer = await mine.answer;
    if (!answer.known && cached.get(key) === mine) cached.delete(key);
    return answer;
  };
}
