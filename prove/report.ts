import { THINGS, type Thing } from './coverage.ts';
import type { Report } from './prove.ts';
import type { SmallAccount } from './small-world.ts';

/** What a proof found: as lines, and as a table for docs/proved.md. */

/** Fewer cases may miss something by chance. */
const ENOUGH_CASES = 2_000;

const THING_OF: Readonly<Partial<Record<SmallAccount['kind'], Thing>>> = {
  role: 'roles',
  locked: 'locks',
};

/** No disagreement, and everything was tried. An unknown outcome is not wrong. */
export function isSound(report: Report): boolean {
  return report.disagreements === 0 && untried(report).length === 0;
}

export function sayReport(report: Report): readonly string[] {
  const { name, release, cases, byTie, hedged, unknown, disagreements, seconds } = report;
  const lacked = lackedThings(report);
  const missed = untried(report);
  return [
    [
      `${name}: ${release}: ${cases} cases in ${seconds.toFixed(0)} s: ${disagreements} disagreements,`,
      `${unknown} unknown, ${hedged} left to a name that only the database host knows,`,
      `${byTie} agreed by a reported tie (${sayCounts(report.outcomes)}); hostcache says: ${report.basis}`,
    ].join(' '),
    `${name}: a full cache evicts the ${report.evicts} entry; cases with ${sayCounts(report.covered)}`,
    ...lacked.map(
      ([thing, count]) => `${name}: skipped ${thing} (${count} accounts): ${release} has none`,
    ),
    ...(missed.length === 0 ? [] : [`${name}: no case tried ${missed.join(', ')}`]),
  ];
}

/** In Markdown, as in docs/proved.md. */
export function tableOf(reports: readonly Report[], date: string, seed: number): string {
  const numbers = ['seed', 'cases', 'disagreements', 'unknown', 'by a reported tie'];
  const head = ['release', 'date', ...numbers, ...THINGS];
  const rows = reports.map((report) => {
    const lacked = lackedThings(report).map(([thing]) => thing);
    const covered = THINGS.map((thing) =>
      lacked.includes(thing) ? 'has none' : number(report.covered[thing] ?? 0),
    );
    const { release, cases, disagreements, unknown, byTie } = report;
    const counts = [cases, disagreements, unknown, byTie].map(number);
    return [release, date, String(seed), ...counts, ...covered];
  });
  const lines = [head, head.map((_, i) => (i < 2 ? '---' : '--:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** What the release has, and no case tried. */
function untried(report: Report): readonly Thing[] {
  if (report.cases < ENOUGH_CASES) return [];
  const lacked = lackedThings(report).map(([thing]) => thing);
  return THINGS.filter((thing) => !lacked.includes(thing) && (report.covered[thing] ?? 0) === 0);
}

/** What the release does not have, with how often it was left out. */
function lackedThings({ lacked, skipped }: Report): readonly (readonly [Thing, number])[] {
  return lacked.flatMap((kind) => {
    const thing = THING_OF[kind];
    return thing === undefined ? [] : [[thing, skipped[kind] ?? 0] as const];
  });
}

function sayCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}

function number(count: number): string {
  return count.toLocaleString('en');
}
