/** The fewest host patterns that match all of some IPv4 addresses, and no address that may not. Pure. */

/** Addresses that need a pattern, and whether a pattern may match another address. */
export interface Cover {
  /** Dotted quads. */
  readonly addresses: readonly string[];
  readonly mayMatch: (address: string) => boolean;
}

interface Block {
  readonly host: string;
  /** All addresses that it matches. */
  readonly numbers: readonly number[];
}

/** The widest network that is tried: /16. */
const WIDEST = 16;

/** The hosts of the patterns: networks, last octets with wildcards, then single addresses. */
export function coverOf({ addresses, mayMatch }: Cover): readonly string[] {
  const left = new Set(addresses.map(toNumber));
  const hosts: string[] = [];
  const take = ({ host, numbers }: Block) => {
    hosts.push(host);
    for (const number of numbers) left.delete(number);
  };
  const isAllowed = ({ numbers }: Block) =>
    numbers.every((number) => left.has(number) || mayMatch(toText(number)));
  for (let bits = WIDEST; bits < 24; bits += 1) {
    for (const block of wideBlocks([...left], bits)) if (isAllowed(block)) take(block);
  }
  for (;;) {
    const best = bestOf([...left], isAllowed);
    if (best === null) break;
    take(best);
  }
  return [...hosts, ...[...left].map(toText)];
}

/** Networks of which at least half is needed. */
function wideBlocks(numbers: readonly number[], bits: number): readonly Block[] {
  const size = 2 ** (32 - bits);
  return countBy(numbers, (number) => Math.floor(number / size) * size)
    .filter(([, count]) => count * 2 >= size)
    .map(([base]) => network(base, bits));
}

/** The pattern for the most of these addresses, within the last octet; null = none is for two. */
function bestOf(numbers: readonly number[], isAllowed: (block: Block) => boolean): Block | null {
  const needed = new Set(numbers);
  let best: { readonly block: Block; readonly covers: number } | null = null;
  for (const [base, count] of countBy(numbers, (number) => number - (number % 256))) {
    if (count < 2 || count <= (best?.covers ?? 1)) continue;
    for (const block of blocksIn(base)) {
      const covers = block.numbers.filter((number) => needed.has(number)).length;
      if (covers > (best?.covers ?? 1) && isAllowed(block)) best = { block, covers };
    }
  }
  return best?.block ?? null;
}

function countBy(
  numbers: readonly number[],
  keyOf: (number: number) => number,
): readonly (readonly [key: number, count: number])[] {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(keyOf(number), (counts.get(keyOf(number)) ?? 0) + 1);
  return [...counts];
}

/** What one pattern can match of the 256 addresses from this base on. */
function* blocksIn(base: number): Iterable<Block> {
  for (let bits = 24; bits < 32; bits += 1) {
    const size = 2 ** (32 - bits);
    for (let from = base; from < base + 256; from += size) yield network(from, bits);
  }
  const prefix = toText(base).replace(/\d+$/, '');
  for (const [pattern, octets] of OCTET_PATTERNS) {
    yield { host: `${prefix}${pattern}`, numbers: octets.map((octet) => base + octet) };
  }
}

/** A netmask, which every release reads; only newer releases of MySQL read `/24`. */
function network(base: number, bits: number): Block {
  const size = 2 ** (32 - bits);
  const numbers = Array.from({ length: size }, (_, at) => base + at);
  return { host: `${toText(base)}/${toText(2 ** 32 - size)}`, numbers };
}

/** `_`, `1_`, `25_`, `1__`, … with the octets that each matches; two at least. */
const OCTET_PATTERNS: readonly (readonly [pattern: string, octets: readonly number[]])[] = (() => {
  const starts = ['', ...Array.from({ length: 25 }, (_, at) => String(at + 1))];
  const patterns = starts.flatMap((start) =>
    ['_', '__', '___'].filter((end) => start.length + end.length <= 3).map((end) => start + end),
  );
  return patterns
    .map((pattern) => [pattern, octetsOf(pattern)] as const)
    .filter(([, octets]) => octets.length > 1);
})();

function octetsOf(pattern: string): readonly number[] {
  const digits = pattern.replaceAll('_', '');
  return Array.from({ length: 256 }, (_, octet) => octet).filter((octet) => {
    const text = String(octet);
    return text.length === pattern.length && text.startsWith(digits);
  });
}

function toNumber(text: string): number {
  return text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

function toText(number: number): string {
  return [24, 16, 8, 0].map((bits) => (number >>> bits) & 255).join('.');
}
