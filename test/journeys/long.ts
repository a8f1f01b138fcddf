/** `LONG_TESTS=1 npx vitest run test/journeys`: outages of a minute, and a thousand servers. */
export const isLong = process.env['LONG_TESTS'] !== undefined;
