import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { SETTING_NAMES } from '../src/config/config.ts';

/** What deploy/ says of the program is so: settings, versions, and the file of the health check. */

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const settings = z.record(z.string(), z.unknown());

/** Names of settings, also as NAME_FILE, that the program does not know. */
function unknownIn(names: readonly string[]): readonly string[] {
  return names.filter(
    (name) => !SETTING_NAMES.includes(name.replace(/_FILE$/, '')) && !SETTING_NAMES.includes(name),
  );
}

describe('the Containerfile', () => {
  const text = read('deploy/Containerfile');

  it('builds every stage from the base image that users can pin', () => {
    const bases = Array.from(text.matchAll(/^FROM (\S+)/gm), ([, base]) => base);
    expect(new Set(bases)).toEqual(new Set(['$' + '{NODE_IMAGE}']));
    expect(bases.length).toBeGreaterThan(1);
  });

  it('checks the file that the bot writes', () => {
    const [, file = ''] = /"HEALTH_FILE=([^"]+)"/.exec(text) ?? [];
    expect(file).toMatch(/^\/dev\/shm\//);
    expect(text).toContain(`stat -c %Y ${file})`);
    expect(SETTING_NAMES).toContain('HEALTH_FILE');
  });

  it('sets only settings that exist', () => {
    const block = /^ENV ((?:.*\\\n)*.*)/m.exec(text)?.[1] ?? '';
    const names = Array.from(block.matchAll(/([A-Z_]+)=/g), ([, name = '']) => name);
    expect(names.length).toBeGreaterThan(2);
    expect(unknownIn(names)).toEqual(['NODE_ENV']);
  });
});

describe('compose.yaml', () => {
  const service = z.object({
    environment: settings,
    secrets: z.array(z.string()),
    healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  });
  const file = z.object({
    services: z.object({ bot: service, state: service }),
    secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
  });
  const { services, secrets } = file.parse(parse(read('deploy/compose.yaml')));

  it('sets only settings that exist', () => {
    expect(unknownIn(Object.keys(services.bot.environment))).toEqual([]);
  });

  it('reads every secret from a file, and has no password', () => {
    const used = [...services.bot.secrets, ...services.state.secrets];
    expect(used.sort()).toEqual(Object.keys(secrets).sort());
    for (const name of services.bot.secrets) {
      const path = services.bot.environment[`${name.toUpperCase()}_FILE`];
      expect(path).toBe(`/run/secrets/${name}`);
    }
    const { MYSQL_PASSWORD_FILE: password, ...rest } = services.state.environment;
    expect(password).toBe('/run/secrets/state_password');
    expect(Object.keys(rest).sort()).toEqual([
      'MYSQL_DATABASE',
      'MYSQL_RANDOM_ROOT_PASSWORD',
      'MYSQL_USER',
    ]);
  });
});

describe('the Helm chart', () => {
  const TEMPLATES = 'deploy/helm/templates';
  const templates = readdirSync(join(ROOT, TEMPLATES)).map((name) => read(`${TEMPLATES}/${name}`));

  it('has the version of the program', () => {
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(read('package.json')));
    expect(parse(read('deploy/helm/Chart.yaml'))).toMatchObject({ version, appVersion: version });
  });

  it('names only settings that exist, in its values and templates', () => {
    const values = z.object({ settings, secretKeys: z.array(z.string()) });
    const { settings: set, secretKeys } = values.parse(parse(read('deploy/helm/values.yaml')));
    const named = templates.flatMap((text) => text.match(/\b[A-Z]+(?:_[A-Z]+)+\b|\bPORT\b/g) ?? []);
    expect(named.length).toBeGreaterThan(10);
    expect(unknownIn([...Object.keys(set), ...secretKeys, ...named])).toEqual([]);
  });

  it('has a value for every one that a template reads', () => {
    const values: unknown = parse(read('deploy/helm/values.yaml'));
    const paths = templates.flatMap((text) =>
      Array.from(text.matchAll(/\.Values\.([\w.]+)/g), ([, path = '']) => path),
    );
    expect(paths.length).toBeGreaterThan(20);
    for (const path of new Set(paths)) expect(values).toHaveProperty(path);
  });

  it('contains the alert rules', () => {
    expect(read('deploy/helm/alerts.yml')).toBe(read('docs/alerts.yml'));
  });
});

describe('the workflow that proves every release', () => {
  const text = read('.github/workflows/prove.yml');

  it('runs actions by their commits only', () => {
    const used = Array.from(text.matchAll(/^\s*-? *uses: (.*)$/gm), ([, action = '']) => action);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d/);
  });

  it('installs what package-lock.json pins, and runs a script that exists', () => {
    const workflow = z.object({
      jobs: z.record(
        z.string(),
        z.object({ steps: z.array(z.object({ run: z.string().optional() })) }),
      ),
    });
    const runs = Object.values(workflow.parse(parse(text)).jobs).flatMap(({ steps }) =>
      steps.flatMap(({ run }) => run ?? []),
    );
    expect(runs.some((run) => run.startsWith('npm ci '))).toBe(true);
    const scripts = z.object({ scripts: settings }).parse(JSON.parse(read('package.json'))).scripts;
    const [name = ''] = runs.flatMap(
      (run) => /^npm run --silent (\w+) -- --servers all /.exec(run)?.[1] ?? [],
    );
    expect(scripts).toHaveProperty(name);
  });
});
