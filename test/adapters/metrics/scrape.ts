/** The text that Prometheus reads, taken apart as it would. https://prometheus.io/docs/instrumenting/exposition_formats */

export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: Sample[];
}

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)/gy;

/** By name. Throws at the first line that Prometheus would not take. */
export function parseScrape(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, Family>();
  let help: readonly string[] = [];
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, word, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (word === 'HELP') help = [name, rest];
    else if (word === 'TYPE') {
      if (help[0] !== name || families.has(name)) throw new Error(`unexpected: ${line}`);
      families.set(name, { type: rest, help: help[1] ?? '', samples: [] });
    } else {
      const sample = parseSample(line);
      const owner = families.get(sample.name) ?? familyOfHistogram(sample.name, families);
      if (owner === undefined) throw new Error(`no HELP and TYPE before: ${line}`);
      owner.samples.push(sample);
    }
  }
  return families;
}

function parseSample(line: string): Sample {
  const [, name = '', inner = '', number = ''] = SAMPLE.exec(line) ?? [];
  const value = number === '+Inf' ? Number.POSITIVE_INFINITY : Number(number);
  const labels = Array.from(inner.matchAll(LABEL));
  const isWhole = labels.map(([whole]) => whole).join('') === inner;
  if (name === '' || Number.isNaN(value) || !isWhole) throw new Error(`no sample: ${line}`);
  const pairs = labels.map(([, label = '', text = '']) => [label, text]);
  return { name, labels: Object.fromEntries(pairs), value };
}

function familyOfHistogram(
  name: string,
  families: ReadonlyMap<string, Family>,
): Family | undefined {
  const family = families.get(name.replace(/_(bucket|sum|count)$/, ''));
  return family?.type === 'histogram' ? family : undefined;
}
