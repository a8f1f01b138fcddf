import { judge, type SettingValue } from '../src/config/setting.ts';
import type { MysqlLogin } from '../src/hostcache/mysql-login.ts';

/** URLs read as the settings read them. */

export function loginOf(url: string): MysqlLogin {
  return read('MYSQL_URL', url);
}

export function placeOf(url: string): SettingValue<'STATE_URL'> {
  return read('STATE_URL', url);
}

function read<N extends 'MYSQL_URL' | 'STATE_URL'>(name: N, url: string): SettingValue<N> {
  const judged = judge(name, url, () => null);
  if (!judged.isGood) throw new Error(judged.says);
  return judged.value;
}
