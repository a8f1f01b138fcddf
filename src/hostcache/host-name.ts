/** Host names, as a server can know them. */

/** glibc passes only such names on; the server treats any other PTR answer as no name. */
const HOST_NAME = /^(?!-)[A-Za-z0-9._-]{1,255}$/;

/** The server rejects a name that looks like the start of an address: 12.example.com. */
export function looksNumeric(name: string): boolean {
  return /^[0-9]+\./.test(name);
}

/** Whether the text can be a host name. */
export function isHostName(text: string): boolean {
  return HOST_NAME.test(text) && !text.includes('..') && !text.startsWith('.');
}

/**
 * Whether DNS still gives the cached name, in any position and letter case: the order of names
 * varies. The cache keeps the first `nameLength` characters.
 */
export function isCurrentName(
  cached: string,
  today: readonly string[],
  { nameLength }: { readonly nameLength: number } = { nameLength: 255 },
): boolean {
  return today.some((name) => name.slice(0, nameLength).toLowerCase() === cached.toLowerCase());
}

/**
 * Whether only the database host's own hosts file or resolver can give this name: `_gateway`, the
 * name of a container, a name under .local or .localdomain.
 */
export function isLocalName(name: string): boolean {
  return !name.replace(/\.$/, '').includes('.') || /\.(?:local|localdomain)\.?$/i.test(name);
}
