// Reads what a command in a terminal needs: the settings, or the files of the MySQL client. Does I/O.
import { faultOfCron } from '../adapters/schedule/cron.ts';
import { type Arguments, clientOptionGiven } from '../adapters/terminal/arguments.ts';
import { askPassword } from '../adapters/terminal/prompt.ts';
import type { Need, Subcommand } from '../chat/subcommand.ts';
import { readClient } from '../config/client.ts';
import type { ClientLogin } from '../config/client-login.ts';
import { readConfig, SETTING_NAMES } from '../config/config.ts';
import { type Environment, readEnvironment } from '../config/environment.ts';

type Settings = ReturnType<typeof readConfig>;

/** Subcommands that name the servers if the settings are valid; otherwise they name none. */
const NAMES_SERVERS = ['help', 'completion'];

/** `ask`: asks for a password; null = nobody can be asked. */
export async function settingsFor(
  subcommand: Subcommand | null,
  typed: Pick<Arguments, 'client' | 'wantsHelp'>,
  ask: (question: string) => Promise<string | null> = askPassword,
): Promise<Settings> {
  const needs = subcommand?.needs ?? [];
  const environment = readEnvironment(SETTING_NAMES, process.cwd(), process.env);
  const option = clientOptionGiven(typed);
  if (option !== undefined && !typed.wantsHelp) {
    const fault = faultOfOption(option, subcommand, environment);
    if (fault !== null) return { faults: [fault] };
  }
  if (subcommand !== null && NAMES_SERVERS.includes(subcommand.name)) {
    const config = readConfig(environment, ['mysql'], faultOfCron);
    return 'faults' in config ? readConfig(environment, [], faultOfCron) : config;
  }
  if (!mayReadClient(needs, environment)) return readConfig(environment, needs, faultOfCron);
  const { client } = typed;
  const login = await withPassword(
    readClient(
      {
        defaultsFile: client['defaults-file'],
        defaultsExtraFile: client['defaults-extra-file'],
        loginPath: client['login-path'],
      },
      process.env,
      process.cwd(),
    ),
    ask,
  );
  return readConfig({ ...environment, client: login }, needs, faultOfCron);
}

function faultOfOption(
  option: string,
  subcommand: Subcommand | null,
  environment: Environment,
): string | null {
  // The tools of mcp read servers.
  const isForServers = subcommand?.needs.includes('mysql') === true || subcommand?.name === 'mcp';
  if (subcommand !== null && !isForServers) {
    return `${subcommand.name} takes no ${option}.`;
  }
  const given = givenOf(environment);
  return given === undefined ? null : `${option}: expected ${option} or ${given}, got both.`;
}

/** The setting that names the servers; undefined = none is given. */
function givenOf({ values, faults }: Environment): string | undefined {
  return ['MYSQL_URL', 'SERVERS_FILE'].find(
    (name) => values[name] !== undefined || faults[name] !== undefined,
  );
}

/** Not where the settings are the bot's, which reads only them. */
function mayReadClient(needs: readonly Need[], environment: Environment): boolean {
  const isBots = needs.includes('all') && environment.values['SLACK_BOT_TOKEN'] !== undefined;
  return needs.includes('mysql') && !isBots && givenOf(environment) === undefined;
}

/** With the password that was asked for, if the option file says `password` without a value. */
async function withPassword(
  client: ClientLogin,
  ask: (question: string) => Promise<string | null>,
): Promise<ClientLogin> {
  const { login, asksPassword } = client;
  if (login === null || !asksPassword) return client;
  const password = await ask(`Password of ${login.user}@${login.host}: `);
  if (password !== null) return { ...client, login: { ...login, password } };
  const fault =
    'password: expected a terminal to ask for it, got none; write password=… in the option file.';
  return { ...client, login: null, faults: [fault] };
}
