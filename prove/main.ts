// Proves the predictions on real servers: npm run prove -- --cases 20000 [--seed 1] [--servers all|mysql|mariadb|mysql-5.6,…] [--world SEED]
// Attacks approvals and connections: npm run prove -- --attacks 10000 [--seed 1] [--episode SEED | --cut flush:NUMBER]
// Names who fails to log in, in storms of clients: npm run prove -- --storms 1000 [--seed 1] [--storm SEED]
// Compares the audit with what CURRENT_USER() said: npm run prove -- --audit 100000 [--seed 1] [--flavour mysql|mariadb]
// Makes each change that a plan foresees: npm run prove -- --change all|drop|… [--worlds 1000] [--thorough 100] [--seed 1] [--flavour mysql|mariadb] [--world SEED]
import { parseArgs } from 'node:util';
import { proveAttacks } from './attacks/prove-attacks.ts';
import { proveAudit } from './audit.ts';
import { CHANGE_KINDS, type ChangeKind } from './plan/imagine.ts';
import { createPlanServers, provePlans, sayPlanReport } from './plan/prove-plan.ts';
import { proveServer, type Report } from './prove.ts';
import { isSound, sayReport, tableOf } from './report.ts';
import { type Candidate, OWN, readServers } from './servers.ts';
import { proveStorms } from './storms/prove-storms.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    flavour: { type: 'string' },
    /** The servers to try: all, or names with commas between them; default one of each flavour. */
    servers: { type: 'string' },
    /** The seed of the only small world to try, from the report of a disagreement. */
    world: { type: 'string' },
    /** Attacks on the approval; a tenth as many cuts of each connection. */
    attacks: { type: 'string' },
    /** Storms of clients that fail to log in, and the seed of the only one to try. */
    storms: { type: 'string' },
    storm: { type: 'string' },
    /** Logins of a fleet, whose audit is compared. */
    audit: { type: 'string' },
    /** The change to plan, or all; small worlds; in how many each statement is left out once. */
    change: { type: 'string' },
    worlds: { type: 'string', default: '1000' },
    thorough: { type: 'string', default: '100' },
    /** The only episode or cut to try, from the report of a failure. */
    episode: { type: 'string' },
    cut: { type: 'string' },
  },
});

/** On a terminal, progress overwrites one line; elsewhere it is a line every ten seconds. */
const isWatched = process.stderr.isTTY && process.env['TERM'] !== 'dumb';
const ERASE = isWatched ? '\r\u001b[K' : '';
const progress = isWatched
  ? { everyMs: 250, show: (line: string) => void process.stderr.write(`${ERASE}${line}`) }
  : { everyMs: 10_000, show: say };

if (values.attacks !== undefined) {
  const only = {
    episode: values.episode === undefined ? null : readCount('episode', values.episode),
    cut: values.cut === undefined ? null : readCut(values.cut),
  };
  const attacks = readCount('attacks', values.attacks);
  const seed = readCount('seed', values.seed);
  const isSound = await proveAttacks({ attacks, seed, only, say, progress });
  process.exit(isSound ? 0 : 1);
}

if (values.storms !== undefined || values.storm !== undefined) {
  const report = await proveStorms({
    storms: readCount('storms', values.storms ?? '1'),
    seed: readCount('seed', values.seed),
    only: values.storm === undefined ? null : readCount('storm', values.storm),
    say,
    progress,
  });
  const { storms, connections, named, wrong, seconds } = report;
  say(
    `${storms} storms, ${connections} connections in ${seconds.toFixed(0)} s: ${named} failing logins named with their count, ${wrong} addresses wrong`,
  );
  process.exit(wrong === 0 && named > 0 ? 0 : 1);
}

const flavours =
  values.flavour === undefined ? (['mysql', 'mariadb'] as const) : [readFlavour(values.flavour)];
const candidates =
  values.servers === undefined
    ? OWN.filter(({ name }) => flavours.some((flavour) => flavour === name))
    : readCandidates(values.servers);
let failed = false;

if (values.audit !== undefined) {
  const [logins, seed] = [readCount('audit', values.audit), readCount('seed', values.seed)];
  for (const flavour of flavours) {
    const report = await proveAudit({ flavour, logins, seed, progress });
    const { admitted, refused, used, unused, shadowed, wrong, seconds } = report;
    for (const line of wrong) say(`wrong: ${line}`);
    say(
      `${flavour}: ${admitted} logins and ${refused} failed ones in ${seconds.toFixed(0)} s: ${used} accounts used, ${unused} unused, ${shadowed} shadowed; ${wrong.length} wrong`,
    );
    failed ||= wrong.length > 0;
  }
  process.exit(failed ? 1 : 0);
}

if (values.change !== undefined) {
  const servers = createPlanServers();
  for (const flavour of flavours) {
    const report = await provePlans({
      ...{ flavour, servers, say, progress },
      kinds: readKinds(values.change),
      worlds: readCount('worlds', values.worlds),
      seed: readCount('seed', values.seed),
      thorough: readCount('thorough', values.thorough),
      onlyWorld: values.world === undefined ? null : readCount('world', values.world),
    });
    say(sayPlanReport(report));
    failed ||= report.wrong > 0;
  }
  await servers.close();
  process.exit(failed ? 1 : 0);
}

const reports: Report[] = [];
for (const { name, find } of candidates) {
  try {
    const report = await proveServer({
      name,
      program: await find(say),
      cases: readCount('cases', values.cases),
      seed: readCount('seed', values.seed),
      onlyWorld: values.world === undefined ? null : readCount('world', values.world),
      say,
      progress,
    });
    reports.push(report);
    for (const line of sayReport(report)) say(line);
    failed ||= !isSound(report);
  } catch (error) {
    // The others are proved all the same.
    say(`${name}: not proved: ${explain(error)}`);
    failed = true;
  }
}
if (values.servers !== undefined && reports.length > 0) {
  const date = new Date().toISOString().slice(0, 10);
  say(tableOf(reports, date, readCount('seed', values.seed)));
}
process.exit(failed ? 1 : 0);

function say(line: string): void {
  process.stderr.write(ERASE);
  process.stdout.write(`${line}\n`);
}

/** Its message and those of its causes, the innermost last. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error instanceof AggregateError ? error.errors : [error.cause];
  return [error.message, ...inner.flatMap((cause) => (cause === undefined ? [] : explain(cause)))]
    .filter((line) => line !== '')
    .join(': ');
}

function readFlavour(text: string): 'mysql' | 'mariadb' {
  if (text === 'mysql' || text === 'mariadb') return text;
  return refuse(`--flavour: expected mysql or mariadb, got "${text}"`);
}

function readCandidates(text: string): readonly Candidate[] {
  const found = readServers(text);
  return typeof found === 'string' ? refuse(found) : found;
}

function readKinds(text: string): readonly ChangeKind[] {
  if (text === 'all') return CHANGE_KINDS;
  const kind = CHANGE_KINDS.find((each) => each === text);
  return kind === undefined
    ? refuse(`--change: expected all, ${CHANGE_KINDS.join(', ')}; got "${text}"`)
    : [kind];
}

function readCut(text: string): { readonly line: 'flush' | 'state'; readonly number: number } {
  const [line, number = ''] = text.split(':');
  if (line === 'flush' || line === 'state') return { line, number: readCount('cut', number) };
  return refuse(`--cut: expected flush:NUMBER or state:NUMBER, got "${text}"`);
}

function readCount(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  return refuse(`--${name}: expected a whole number, got "${text}"`);
}

function refuse(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(2);
}
