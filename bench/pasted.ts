// npm run bench: how the time to read a pasted text grows with the text, for texts of all kinds.
import { explain } from '../src/diagnosis/explain.ts';
import { quantile } from './figures.ts';

const ROUNDS = 5;
const [SHORT, LONG] = [100_000, 1_000_000];
/** Ten times as much text may take ten times as long, and half of that more for the machine. */
const LIMIT = 15;
const say = (line: string) => process.stdout.write(`${line}\n`);

/** Repeated as often as they fit: real lines, and beginnings that never end. */
const PIECES: Readonly<Record<string, string>> = {
  'an error of a server': "Host '192.0.2.7' is not allowed to connect to this MySQL server\n",
  'a log without an error': '2026-01-05T10:00:00Z 12 [Note] [MY-010051] [Server] Event Scheduler\n',
  'a stack trace': '    at com.example.Pool.get(Pool.java:120) ~[app.jar:1.2.3]\n',
  'the word error': 'error ',
  'begun logins': "Access denied for user '",
  'begun hosts': "Host '",
  'begun log lines': "IP address '192.0.2.7' could not be resolved: ",
  quotes: "'",
  backslashes: '\\',
  'numbers in brackets': '[1130] (1045, ',
  'blank lines': '\n',
  'quoted lines': '> > ',
  'a table': '| 192.0.2.7 | NULL | YES | 0 |\n',
  'rows of \\G': '*** 1. row ***\nIP: 192.0.2.7\nHOST: NULL\n',
  'begun JSON': '[{"IP":',
  'begun XML': '<row><field name="IP">',
  tabs: '\t',
  commas: '"a","b,',
};

for (const [name, piece] of Object.entries(PIECES)) {
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS + 1; round += 1) {
    const pair = { short: cpuMs(piece, SHORT), long: cpuMs(piece, LONG) };
    // The first round warms up. A millisecond is the least that can be told.
    if (round > 0) ratios.push(pair.long / Math.max(1, pair.short));
  }
  const ratio = quantile(ratios, 0.5);
  say(`${name}: 1 MB takes ${ratio.toFixed(1)} times as long as 100 kB`);
  if (!(ratio < LIMIT)) throw new Error(`expected a ratio below ${LIMIT}, got ${ratio}`);
}

/** Milliseconds of CPU that `explain` takes for so many characters. */
function cpuMs(piece: string, size: number): number {
  const text = piece.repeat(Math.ceil(size / piece.length));
  const before = process.cpuUsage();
  explain(text, new Date());
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
