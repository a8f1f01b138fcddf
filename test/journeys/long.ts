/** `LONG_TESTS=1 npx vitest run test/journeys`: outages last a minute, and many servers are a thousand. */
export const isLong = process.env['LONG_TESTS'] !== undefined;
