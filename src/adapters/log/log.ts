import pino from 'pino';
import type { Log } from '../../chat/log.ts';
import { redact } from '../../chat/secret.ts';
import { withoutSteering } from '../../chat/steering.ts';
import { certificateNames } from '../../hostcache/login-faults.ts';

/** Writes JSON lines without secrets to stderr. Does I/O. */

/** Writes synchronously, so that the last lines of a crashing process are not lost. */
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
      serializers: { error: serialize },
      // Every line passes here, so nobody logs a token, and no line steers a terminal.
      hooks: { streamWrite: (line) => withoutSteering(redact(line)) },
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

/** The error with its causes; of a certificate that Node adds, only the names. */
function serialize(error: unknown): unknown {
  return withCertificateNames(
    error instanceof Error ? pino.stdSerializers.errWithCause(error) : error,
  );
}

/** pino has turned all errors into records with a stack. */
function withCertificateNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withCertificateNames);
  if (typeof value !== 'object' || value === null || !('stack' in value)) return value;
  const lighter = Object.entries(value).map(([name, field]) => [
    name,
    name === 'cert' ? certificateNames(field) : withCertificateNames(field),
  ]);
  return Object.fromEntries(lighter);
}
