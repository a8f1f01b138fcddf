import { Duplex } from 'node:stream';
import mysql, { type AuthPlugin } from 'mysql2';
import type { MysqlLogin } from '../hostcache/mysql-login.ts';
import { channelOf, createRefusal, isVerifiedNow } from './channel.ts';

/** mysql2's authentication plugins, which send the password only where it may go. */

const { caching_sha2_password, sha256_password, mysql_clear_password } = mysql.authPlugins;

/** `stream` is the socket, or the TLS socket, of the connection at that moment. */
type MayCarry = (stream: unknown) => boolean;

/** Whether the answer to a packet does not contain the password. */
type IsHarmless = (packet: Buffer, isFirst: boolean) => boolean;

export function guardedPlugins(login: MysqlLogin): Readonly<Record<string, AuthPlugin>> {
  const isVerified: MayCarry = (stream) => isVerifiedNow(login, stream);
  // Over TLS a server has no key of its own: it expects the password itself.
  const takesKey = login.ssl === undefined && login.allowPublicKeyRetrieval === true;
  const mayCarry: MayCarry = (stream) => takesKey || isVerified(stream);
  const guard = (plugin: AuthPlugin, may: MayCarry, isHarmless: IsHarmless): AuthPlugin =>
    guarded(plugin, { login, may, isHarmless });
  const clear = { mysql_clear_password: guard(mysql_clear_password({}), isVerified, never) };
  if (channelOf(login) === 'local') return clear;
  return {
    ...clear,
    sha256_password: guard(sha256_password(), mayCarry, never),
    caching_sha2_password: guard(caching_sha2_password(), mayCarry, isChallenge),
  };
}

interface Guard {
  readonly login: MysqlLogin;
  readonly may: MayCarry;
  readonly isHarmless: IsHarmless;
}

function guarded(plugin: AuthPlugin, { login, may, isHarmless }: Guard): AuthPlugin {
  return (context) => {
    const answer = plugin(context);
    let isFirst = true;
    return (packet) => {
      const passes = isHarmless(packet, isFirst) || may(streamOf(context.connection));
      isFirst = false;
      if (passes) return answer(packet);
      endLogin(context.connection);
      throw createRefusal(login);
    };
  };
}

/**
 * Sends an empty password, so that the server itself ends the login. It counts a connection that
 * closes before as a connect error, and would block this machine after `max_connect_errors`.
 */
function endLogin(connection: object): void {
  const stream = streamOf(connection);
  const number: unknown = Reflect.get(connection, 'sequenceId');
  if (stream instanceof Duplex) stream.write(Buffer.from([1, 0, 0, Number(number), 0]));
}

/** The types of mysql2 leave it out. */
export function streamOf(connection: object): unknown {
  return Reflect.get(connection, 'stream');
}

const never: IsHarmless = () => false;

/** AuthMoreData of caching_sha2_password: the server knows the account's hash already. */
const FAST_AUTH_SUCCESS = Buffer.from([3]);

/** The first packet is the challenge. After it, anything but success asks for the password. */
function isChallenge(packet: Buffer, isFirst: boolean): boolean {
  return isFirst || FAST_AUTH_SUCCESS.equals(packet);
}
