// Gathers what the MySQL client would log in with on this machine. Does I/O.
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { codeOf } from '../chat/unreadable.ts';
import { type ClientFileNames, type Env, fromHome, readClientFiles } from './client-files.ts';
import { CLIENT_VARIABLES, type ClientLogin, readClientLogin } from './client-login.ts';
import { readEnvironment } from './environment.ts';

/** Where Debian and Red Hat, and MySQL's own packages, put the server's socket. */
const SOCKETS = ['/run/mysqld/mysqld.sock', '/var/lib/mysql/mysql.sock', '/tmp/mysql.sock'];

export function readClient(names: ClientFileNames, env: Env, folder: string): ClientLogin {
  const { options, faults } = readClientFiles(names, env, folder);
  const { values, faults: unread } = readEnvironment(CLIENT_VARIABLES, folder, env);
  const client = readClientLogin({
    options,
    values,
    person: personHere(),
    socket: SOCKETS.find((path) => existsSync(path)) ?? null,
    readText: (path) => textAt(resolve(folder, fromHome(path, env))),
  });
  const all = [...faults, ...Object.values(unread), ...client.faults];
  return all.length === 0 ? client : { login: null, asksPassword: false, faults: all };
}

function personHere(): string | null {
  try {
    return userInfo().username;
  } catch (error) {
    // A container may run as a number that has no name.
    if (codeOf(error) === null) throw error;
    return null;
  }
}

function textAt(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return null;
  }
}
