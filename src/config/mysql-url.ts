/** MYSQL_URL, MYSQL_FLUSH_URL: `mysql://user:password@host:3306`, optionally `?socketPath=…&ssl=…`. */

const PARAMETERS = ['socketPath', 'ssl'];

/** What ssl may be called: on, off, and the only profile that mysql2 brings (`ssl_profiles.js`). */
const SSL_WORDS = ['true', 'false', 'Amazon RDS'];

/** Why the text is no address of a MySQL server, as the end of `expected …`; null where it is one. */
export function faultOfMysqlUrl(text: string): string | null {
  if (/^mysql:\/\/[^@]*[#/?][^@]*@/.test(text)) {
    return 'a password in percent encoding (# is %23, / is %2F, ? is %3F)';
  }
  if (!URL.canParse(text)) return 'mysql://user:password@host:3306';
  const url = new URL(text);
  if (url.protocol !== 'mysql:') return 'mysql://user:password@host:3306';
  if (url.username === '') return 'a user in mysql://user:password@host:3306';
  if (url.hostname === '') return 'a host in mysql://user:password@host:3306';
  if (url.port === '0') return 'a port from 1 to 65535';
  if (!['', '/'].includes(url.pathname)) return 'no path after mysql://user:password@host:3306';
  if (![url.username, url.password].every(isEncoded)) {
    return 'a user and a password in percent encoding (% itself is %25)';
  }
  for (const [name, value] of url.searchParams) {
    if (!PARAMETERS.includes(name)) return 'no parameters but socketPath and ssl';
    if (value === '') return `a value for the parameter ${name}`;
    if (name === 'ssl' && !SSL_WORDS.includes(value) && !isJsonObject(value)) {
      return 'true, false, an object in JSON, or Amazon RDS for the parameter ssl';
    }
  }
  if (url.hash !== '') return 'nothing after #, which is %23 in a password';
  return null;
}

function isEncoded(text: string): boolean {
  // WHATWG URLs let a lone % through, which decodeURIComponent then refuses.
  return !/%(?![0-9a-f]{2})/i.test(text) && isDecodable(text);
}

/** What begins with a brace and parses is an object. */
function isJsonObject(text: string): boolean {
  return text.startsWith('{') && isAccepted(() => JSON.parse(text), SyntaxError);
}

function isDecodable(text: string): boolean {
  return isAccepted(() => decodeURIComponent(text), URIError);
}

function isAccepted(parse: () => unknown, refusal: new () => Error): boolean {
  try {
    parse();
    return true;
  } catch (error) {
    if (error instanceof refusal) return false;
    throw error;
  }
}
