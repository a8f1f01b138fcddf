import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';

/** bash completes what is typed, with the script of the program. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hostcache-completion-'));
  const program = `#!/bin/sh\nexec '${process.execPath}' '${inject('cli')}' "$@"\n`;
  writeFileSync(join(folder, 'hostcache'), program, { mode: 0o755 });
  writeFileSync(join(folder, 'saved rows.json'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What bash would offer for these words. */
function completed(...words: readonly string[]): readonly string[] {
  const script = `
    eval "$(hostcache completion bash)"
    COMP_WORDS=(hostcache "$@"); COMP_CWORD=$#
    _hostcache 2>/dev/null
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync('bash', ['--norc', '-c', script, 'bash', ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: `${folder}:${process.env['PATH']}`,
      MYSQL_URL: 'mysql://a@127.0.0.1:1',
      SERVER_NAME: 'orders-db',
    },
  });
  return stdout.split('\n').filter((line) => line !== '');
}

it.each([
  { words: ['time'], offers: ['timeline'] },
  { words: ['list', 'on', ''], offers: ['all', 'orders-db'] },
  { words: ['plan', 'ren'], offers: ['rename'] },
  { words: ['explain', 'saved'], offers: ['saved rows.json'] },
])('$words', ({ words, offers }) => {
  expect(completed(...words)).toEqual(offers);
});
