/** users.*, usergroups.*, and the methods about the app itself. https://docs.slack.dev/reference/methods */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { count, flag } from './conversation-rules.ts';
import { userGroupJson, userJson } from './people.ts';
import { done, type Method, method, refused } from './slack.ts';

const apiTest = method({
  token: 'none',
  args: { error: z.string().optional(), foo: z.string().optional() },
  run: (args) => (args.error === undefined ? done({ args }) : refused(args.error)),
});

const authTest = method({
  args: {},
  run: (_, { state }) =>
    done({
      url: `https://${state.team.domain}.slack.com/`,
      team: state.team.name,
      user: state.bot.name,
      team_id: state.team.id,
      user_id: state.bot.userId,
      bot_id: state.bot.botId,
      app_id: state.bot.appId,
      is_enterprise_install: false,
    }),
});

const openConnection = method({
  token: 'app',
  scopes: ['connections:write'],
  args: {},
  run: (_, slack) => {
    const ticket = randomUUID();
    slack.tickets.add(ticket);
    const origin = slack.origin('wss-primary').replace(/^http/, 'ws');
    return done({ url: `${origin}/link/?ticket=${ticket}&app_id=${slack.state.bot.appId}` });
  },
});

const botInfo = method({
  scopes: ['users:read'],
  args: { bot: z.string().optional(), team_id: z.string().optional() },
  run: (args, { state }) => {
    const { botId, appId, name, userId } = state.bot;
    return args.bot !== undefined && args.bot !== botId
      ? refused('bot_not_found', [args.bot])
      : done({ bot: { id: botId, app_id: appId, name, user_id: userId, deleted: false } });
  },
});

const teamInfo = method({
  scopes: ['team:read'],
  args: {},
  run: (_, { state }) => done({ team: { ...state.team, email_domain: '', icon: {} } }),
});

const userInfo = method({
  scopes: ['users:read'],
  args: { user: z.string().min(1), include_locale: flag },
  run: (args, { state }) => {
    const user = state.users.get(args.user);
    return user === undefined
      ? refused('user_not_found', [args.user])
      : done({ user: userJson(user, state.bot.botId) });
  },
});

const userList = method({
  scopes: ['users:read'],
  args: {
    cursor: z.string().optional(),
    limit: count,
    include_locale: flag,
    team_id: z.string().optional(),
  },
  run: (_, { state }) => {
    const members = [...state.users.values()].map((user) => userJson(user, state.bot.botId));
    const now = Math.floor(state.clock().getTime() / 1000);
    return done({ members, cache_ts: now, response_metadata: { next_cursor: '' } });
  },
});

const groupList = method({
  scopes: ['usergroups:read'],
  args: {
    include_count: flag,
    include_disabled: flag,
    include_users: flag,
    team_id: z.string().optional(),
  },
  run: (args, { state }) => {
    const groups = [...state.groups.values()].filter(
      (group) => args.include_disabled === true || !group.disabled,
    );
    const withUsers = args.include_users === true;
    return done({
      usergroups: groups.map((group) => userGroupJson(group, state.team.id, withUsers)),
    });
  },
});

const groupMembers = method({
  scopes: ['usergroups:read'],
  args: {
    usergroup: z.string().min(1),
    include_disabled: flag,
    team_id: z.string().optional(),
  },
  run: (args, { state }) => {
    const group = state.groups.get(args.usergroup);
    const isHidden = group?.disabled === true && args.include_disabled !== true;
    return group === undefined || isHidden
      ? refused('no_such_subteam', [args.usergroup])
      : done({ users: group.members });
  },
});

export const peopleMethods: Readonly<Record<string, Method>> = {
  'api.test': apiTest,
  'auth.test': authTest,
  'apps.connections.open': openConnection,
  'bots.info': botInfo,
  'team.info': teamInfo,
  'users.info': userInfo,
  'users.list': userList,
  'usergroups.list': groupList,
  'usergroups.users.list': groupMembers,
};
