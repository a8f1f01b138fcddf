import { type AccessDay, dayOf, type Span } from './record.ts';

/** The times in which nothing was missed, day by day. Pure. */

const DAY_MS = 86_400_000;

/** Adds the span to the days that it touches; a day that is not there begins empty. */
export function addSpan(
  days: readonly AccessDay[],
  server: string,
  span: Span,
): readonly AccessDay[] {
  const byDay = new Map(days.map((day) => [day.day, day]));
  for (const part of splitByDay(span)) {
    const name = dayOf(part.from);
    const day = byDay.get(name) ?? emptyDay(server, name);
    byDay.set(name, { ...day, spans: withSpan(day.spans, part) });
  }
  return [...byDay.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}

export function emptyDay(server: string, day: string): AccessDay {
  return { server, day, spans: [], uses: [], events: [], leftOut: 0 };
}

/** A span that ends at midnight belongs to the day that ends. */
function splitByDay({ from, to }: Span): readonly Span[] {
  const parts: Span[] = [];
  let start = from;
  for (;;) {
    const midnight = new Date((Math.floor(start.getTime() / DAY_MS) + 1) * DAY_MS);
    if (to <= midnight) return [...parts, { from: start, to }];
    parts.push({ from: start, to: midnight });
    start = midnight;
  }
}

function withSpan(spans: readonly Span[], { from, to }: Span): readonly Span[] {
  const last = spans.at(-1);
  if (last === undefined || last.to < from) return [...spans, { from, to }];
  const joined = { from: last.from, to: new Date(Math.max(to.getTime(), last.to.getTime())) };
  return [...spans.slice(0, -1), joined];
}
