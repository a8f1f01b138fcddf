import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/build.ts',
    // A wait ends when what it waits for comes. These limits end one that would never end: on a
    // busy machine they are far off, and each wait's own limit comes first and says what was missing.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    // Each file starts servers of its own, and waits for about half its time. Two cores carry three files.
    maxWorkers: 3,
  },
});
