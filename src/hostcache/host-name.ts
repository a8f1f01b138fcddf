/** Names of hosts as the server can know them. */

/** glibc hands on only such names; any other PTR answer is no name to the server. */
const HOST_NAME = /^(?!-)[A-Za-z0-9._-]{1,255}$/;

/** The server rejects a name that looks like the start of an address: 12.example.com. */
export function looksNumeric(name: string): boolean {
  return /^[0-9]+\./.test(name);
}

/** Whether the text could be a host's name. */
export function isHostName(text: string): boolean {
  return HOST_NAME.test(text) && !text.includes('..') && !text.startsWith('.');
}

/** Whether DNS still gives the cached name: any name will do, as their order changes, in any case. */
export function isCurrentName(cached: string, today: readonly string[]): boolean {
  return today.some((name) => name.toLowerCase() === cached.toLowerCase());
}
