import pino from 'pino';
import type { Log } from '../../chat/log.ts';
import { redact } from '../../chat/secret.ts';

/** Asks the world: JSON lines on stderr, one a fact, without secrets. */

/** Writes at once, so that the last lines of a dying process are not lost. */
export function createLog(
  level: string,
  destination: pino.DestinationStream = pino.destination({ dest: 2, sync: true }),
): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.errWithCause },
      // Whatever was logged by whomever, a token does not get past this line.
      hooks: { streamWrite: redact },
    },
    destination,
  );
  return {
    debug: (message, facts) => logger.debug(facts, message),
    info: (message, facts) => logger.info(facts, message),
    warn: (message, facts) => logger.warn(facts, message),
    error: (message, facts) => logger.error(facts, message),
  };
}
