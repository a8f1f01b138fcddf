import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createMetrics } from '../src/adapters/metrics/metrics.ts';
import { SETTING_NAMES } from '../src/config/config.ts';

/** What the README and the pages of docs/ say of the manifest, the settings, the metrics and the files is so. */

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const README = read('README.md');
const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs')).flatMap((name) =>
    name.endsWith('.md') ? `docs/${name}` : [],
  ),
];
const TEXT = PAGES.map(read).join('\n');

/** Each row's cells of the table under this heading, without its head. */
function tableUnder(heading: string): readonly (readonly string[])[] {
  const section = TEXT.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()));
}

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string) =>
  `#${heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')}`;

const codesIn = (text: string) => Array.from(text.matchAll(/`([^`]+)`/g), ([, code = '']) => code);

it('links to a Slack app made from manifest.yml', async () => {
  const manifest = JSON.stringify(parse(read('manifest.yml')));
  // A bracket or a quote would end the link for some who draw Markdown.
  const escaped = encodeURIComponent(manifest).replace(
    /['()]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  const link = `https://api.slack.com/apps?new_app=1&manifest_json=${escaped}`;
  // Browsers and web servers take some 8,000 characters.
  expect(link.length).toBeLessThan(6000);
  expect(README).toMatch(/^\[create\]: /m);
  // Where they differ, `npx vitest run test/readme.test.ts -u` writes the right link into README.md.
  const right = README.replace(/^\[create\]: .*$/m, () => `[create]: ${link}`);
  await expect(right).toMatchFileSnapshot('../README.md');
});

describe('settings', () => {
  const rows = tableUnder('Settings').map(([, name = '', meaning = '', byDefault = '']) => ({
    name: codesIn(name)[0] ?? '',
    meaning,
    byDefault,
  }));

  it('are all there, and no other', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual([...SETTING_NAMES].sort());
    for (const { meaning } of rows) expect(meaning).not.toBe('');
  });

  it('have the default that .env.example shows, or none', () => {
    const example = parseEnv(read('.env.example'));
    for (const { name, byDefault } of rows) {
      if (byDefault.startsWith('required')) continue;
      expect({ name, value: codesIn(byDefault)[0] ?? '' }).toEqual({ name, value: example[name] });
    }
  });
});

it('names every metric, and no other', async () => {
  const metrics = createMetrics({ servers: ['main'] });
  const names = Array.from((await metrics.text()).matchAll(/^# TYPE (\S+)/gm), ([, name]) => name);
  const told = tableUnder('Metrics').flatMap(([, name = '']) => codesIn(name));
  expect(told.map((name) => name.replace(/\{.*/, '')).sort()).toEqual(names.sort());
});

describe('links', () => {
  it.each(PAGES)('of %s lead to files that are there, and to headings', (page) => {
    const links = Array.from(read(page).matchAll(/[^\]]\]\(([^)\s]+)\)/g), ([, link = '']) => link);
    for (const link of links.filter((one) => !one.startsWith('https:'))) {
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      expect({ link, isThere: existsSync(join(ROOT, file)) }).toEqual({ link, isThere: true });
      if (anchor !== undefined) expect(headingsOf(file)).toContain(`#${anchor}`);
    }
  });

  it('lead from the README to each page', () => {
    for (const page of PAGES.slice(1)) expect(README).toContain(`](${page}`);
  });
});

function headingsOf(page: string): readonly string[] {
  return Array.from(read(page).matchAll(/^#+ (.+)$/gm), ([, text = '']) => anchorOf(text));
}

it('shows pictures that the browser tests take', () => {
  const browser = join(ROOT, 'test/browser');
  const tests = readdirSync(browser).map((name) => readFileSync(join(browser, name), 'utf8'));
  const shown = Array.from(
    TEXT.matchAll(/!\[([^\]]+)\]\(([^)]+)\)/g),
    ([, says = '', target = '']) => ({ says, target }),
  );
  expect(shown.length).toBeGreaterThan(1);
  for (const { says, target } of shown) {
    expect(says.length).toBeGreaterThan(40);
    const name = basename(target, '.png');
    expect({ target, isTaken: tests.some((test) => test.includes(`'${name}'`)) }).toEqual({
      target,
      isTaken: true,
    });
  }
});

it('quotes only what the program says', () => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => read(`src/${path}`));
  const quotes = tableUnder('When it says …').flatMap(([, says = '']) =>
    says.startsWith('`') ? codesIn(says) : [],
  );
  expect(quotes.length).toBeGreaterThan(4);
  for (const quote of quotes) {
    const parts = quote.split('…').map((part) => part.trim());
    const isSaid = parts.every((part) => sources.some((source) => source.includes(part)));
    expect({ quote, isSaid }).toEqual({ quote, isSaid: true });
  }
});

it('runs only scripts that package.json has', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const run = Array.from(TEXT.matchAll(/npm run ([a-z]+)/g), ([, name = '']) => name);
  expect(run.length).toBeGreaterThan(2);
  for (const name of run) expect(Object.keys(scripts)).toContain(name);
});
