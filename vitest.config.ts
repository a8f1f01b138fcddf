import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/build.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Each file starts servers of its own; two cores carry two of them.
    maxWorkers: 2,
    // Journeys wait for real processes; on a machine that stalls one may come too late. It is told as flaky.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
});
