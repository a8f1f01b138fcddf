import { parseAddress } from './address.ts';

/** What is wrong with a mistyped address, and the correct one if there is only one. */
export interface Mistyped {
  /** `300 is over 255`: follows the word, without a full stop. */
  readonly problem: string;
  /** The corrected address; null = there are several candidates, or none. */
  readonly instead: string | null;
}

/** What people leave around an address: quotes, brackets, punctuation. */
const WRAPPING = /^[\s"'`<([{]+|[\s"'`>)\]},;.!?]+$/g;

const PORT = /^(?<host>\[[^\]]+\]|[^:]+):(?<port>\d{1,5})$/;

/** Letters that look like digits, and those digits. */
const LOOKALIKE: Readonly<Record<string, string>> = { O: '0', o: '0', l: '1', I: '1' };

/** null: the word is an address, or does not look like one. */
export function mistypedAddress(word: string): Mistyped | null {
  if (parseAddress(word) !== null || !/\d/.test(word) || word.length > 100) return null;
  return (
    network(word) ??
    withPort(word) ??
    wrapped(word) ??
    lookalike(word) ??
    numbers(word) ??
    ipv6(word)
  );
}

function network(word: string): Mistyped | null {
  const [base = '', length = '', ...others] = word.split('/');
  const address = parseAddress(base);
  if (address === null || others.length > 0 || !/^\d{1,3}$/.test(length)) return null;
  const isWhole = length === (address.family === 4 ? '32' : '128');
  return { problem: 'it is a network, not one client', instead: isWhole ? address.text : null };
}

function withPort(word: string): Mistyped | null {
  const { host = '', port = '' } = PORT.exec(word)?.groups ?? {};
  const address = parseAddress(host);
  if (address === null) return null;
  return { problem: `it ends with a port, ${port}`, instead: address.text };
}

function wrapped(word: string): Mistyped | null {
  const bare = word.normalize('NFKC').replace(WRAPPING, '');
  const address = parseAddress(bare);
  // An address that was cut off after a dot gives no correction here.
  if (address === null) return null;
  return { problem: 'it holds more than the address', instead: address.text };
}

/** `192.O.2.7`: a letter instead of a digit; no host name looks like this. */
function lookalike(word: string): Mistyped | null {
  const parts = word.split(/[.,]/);
  const isQuad = parts.length === 4 && parts.every((part) => /^[\dOolI]{1,3}$/.test(part));
  const hasNumbers = parts.filter((part) => /^\d+$/.test(part)).length >= 2;
  const hasWrong = word.includes(',') || /[OolI]/.test(word);
  if (!isQuad || !hasNumbers || !hasWrong) return null;
  const digits = parts.join('.').replace(/[OolI]/g, (letter) => LOOKALIKE[letter] ?? letter);
  const problem = /[OolI]/.test(word)
    ? 'it has a letter instead of a digit'
    : 'it has commas instead of dots';
  return { problem, instead: parseAddress(digits)?.text ?? null };
}

/** Digits and dots that are not an IPv4 address. */
function numbers(word: string): Mistyped | null {
  if (!/^[\d.]+$/.test(word) || !word.includes('.')) return null;
  const parts = word.split('.').filter((part) => part !== '');
  const large = parts.find((part) => Number(part) > 255);
  const padded = parts.find((part) => /^0\d/.test(part));
  if (parts.length !== 4) {
    return { problem: `it has ${parts.length} numbers, an IPv4 address has four`, instead: null };
  }
  if (large !== undefined) return { problem: `${large} is over 255`, instead: null };
  if (padded !== undefined) {
    const problem = `${padded} begins with 0, which some programs read as octal`;
    return { problem, instead: null };
  }
  const joined = parseAddress(parts.join('.'))?.text ?? null;
  return { problem: 'it has an extra dot', instead: joined };
}

function ipv6(word: string): Mistyped | null {
  const bare = word.replace(/^\[|\]$/g, '');
  if (!/^[0-9a-z:]+$/i.test(bare) || (bare.match(/:/g)?.length ?? 0) < 2) return null;
  if (/:{3,}/.test(bare)) {
    const corrected = parseAddress(bare.replace(/:{3,}/g, '::'))?.text ?? null;
    return { problem: 'it has three colons in a row', instead: corrected };
  }
  const odd = /[g-z]/i.exec(bare)?.[0];
  if (odd !== undefined) return { problem: `"${odd}" is not a hexadecimal digit`, instead: null };
  const groups = bare.split(':').filter((group) => group !== '');
  const long = groups.find((group) => group.length > 4);
  if (long !== undefined) return { problem: `${long} is over ffff`, instead: null };
  if ((bare.match(/::/g)?.length ?? 0) > 1) return { problem: 'it has "::" twice', instead: null };
  const problem = `it has ${groups.length} groups, an IPv6 address has eight, or fewer and "::"`;
  return { problem, instead: null };
}
