import { offered } from '../../chat/choose.ts';
import { exitCodesOf, OPTIONS, type Option, optionsOf, spelling } from '../../chat/options.ts';
import { type Subcommand, usageOn } from '../../chat/subcommand.ts';

/** The manual page, in roff, from the lists of subcommands and options. */

const DESCRIPTION = `hostcache says why a MySQL or MariaDB server refuses a client: what the server answers now, what it would answer after a flush of its host cache, and what to do. It only reads. A client alone, without a subcommand, means why.`;

const SERVERS = `The servers come from MYSQL_URL or SERVERS_FILE, from the environment or from .env in the working directory. Without both, hostcache logs in as the mysql client does: by its option files, groups [client], [mysql] and [hostcache] (host, port, user, password, socket, protocol, ssl-ca, ssl-mode), by a login path, then by the variables MYSQL_HOST, MYSQL_TCP_PORT and MYSQL_PWD. It asks for a password where an option file says password without a value. To a host that is not local, a password is sent only over TLS that verifies the certificate and the host name: ssl-mode=VERIFY_IDENTITY.`;

const FILES: readonly (readonly [string, string])[] = [
  ['/etc/my.cnf, /etc/mysql/my.cnf, ~/.my.cnf', 'option files of the MySQL client'],
  ['~/.mylogin.cnf', 'login paths, as mysql_config_editor writes them'],
  ['.env', 'settings; the environment wins'],
];

export function manualPage(subcommands: readonly Subcommand[]): string {
  const commands = offered({ subcommands, surface: 'terminal' });
  const general = OPTIONS.filter(({ isFor }) => commands.every(isFor));
  return [
    '.\\" Made from the lists of subcommands and options by `npm run man`.',
    '.TH HOSTCACHE 1 "" hostcache "User Commands"',
    ...section('NAME', ['hostcache \\- says why MySQL refuses a client']),
    ...section('SYNOPSIS', ['.B hostcache', '.I subcommand', '[\\fIoptions\\fR]']),
    ...section('DESCRIPTION', [escaped(DESCRIPTION), '.PP', escaped(SERVERS)]),
    ...section(
      'SUBCOMMANDS',
      commands.flatMap((each) => subcommandLines(each, general)),
    ),
    ...section('OPTIONS', OPTIONS.flatMap(optionLines)),
    ...section(
      'FILES',
      FILES.flatMap(([name, says]) => item(name, says)),
    ),
    ...section(
      'EXAMPLES',
      commands.map(({ example }) => `.nf\n${escaped(`hostcache ${example}`)}\n.fi`),
    ),
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return [`.SH ${title}`, ...lines];
}

function subcommandLines(subcommand: Subcommand, general: readonly Option[]): readonly string[] {
  const options = optionsOf(subcommand).filter((option) => !general.includes(option));
  const names = options.map(({ name }) => `--${name}`).join(', ');
  const exits = exitCodesOf(subcommand).map(([code, says]) => `${code}: ${says}.`);
  return [
    '.SS',
    escaped(usageOn(subcommand, 'terminal')),
    escaped(subcommand.summary),
    ...(names === '' ? [] : ['.PP', escaped(`Options: ${names}.`)]),
    '.PP',
    escaped(`Exit codes: ${exits.join(' ')}`),
  ];
}

function optionLines(option: Option): readonly string[] {
  return item(spelling(option), option.summary);
}

function item(name: string, says: string): readonly string[] {
  return ['.TP', `.B ${escaped(name)}`, escaped(says)];
}

/** A minus is a hyphen to roff, and a line that begins with a dot or a quote is a request. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/, '\\&');
}
