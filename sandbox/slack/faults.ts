/** Injects faults into API calls: rate limits, server errors and missing answers, before or after the effect. */
import { createRandom } from '../random.ts';

export type Fault =
  /** HTTP 429 with Retry-After, in seconds; the call had no effect. */
  | { readonly kind: 'rate-limited'; readonly retryAfterS: number }
  /** `after` = the call took effect, but the app gets an error. */
  | { readonly kind: 'http-error'; readonly status: number; readonly when: 'before' | 'after' }
  /** The call is never answered. */
  | { readonly kind: 'silence'; readonly when: 'before' | 'after' }
  /** The connection is cut. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  /** `ok: false` with this error. */
  | { readonly kind: 'refusal'; readonly error: string };

export interface FaultRule {
  /** A Web API method, `response_url` or `upload`. */
  readonly method: string | RegExp;
  readonly fault: Fault;
  /** The share of calls that fail, 0 to 1; default 1. */
  readonly share?: number;
  /** The rule ends at this moment of the peer's clock; default never. */
  readonly untilAt?: Date;
  /** The rule ends after this many hits; default never. */
  readonly times?: number;
  /** Selects calls by their arguments; default all. */
  readonly where?: (sent: unknown) => boolean;
  /** The seed of the random generator for `share`; default 1. */
  readonly seed?: number;
}

export interface FaultHandle {
  readonly hits: () => number;
  readonly stop: () => void;
}

export interface Faults {
  readonly fail: (rule: FaultRule) => FaultHandle;
  /** The fault for this call, from the first rule that hits; null = none. */
  readonly pick: (method: string, sent: unknown) => Fault | null;
}

export function createFaults(clock: () => Date): Faults {
  const rules = new Set<(method: string, sent: unknown) => Fault | null>();
  return {
    fail: (rule) => {
      const chance = createRandom(rule.seed ?? 1);
      let hits = 0;
      const meets = (method: string, sent: unknown) => {
        const isOver =
          hits >= (rule.times ?? Number.POSITIVE_INFINITY) ||
          (rule.untilAt !== undefined && clock() >= rule.untilAt);
        if (isOver || !concerns(rule, method, sent) || chance.next() >= (rule.share ?? 1)) {
          return null;
        }
        hits += 1;
        return rule.fault;
      };
      rules.add(meets);
      return { hits: () => hits, stop: () => rules.delete(meets) };
    },
    pick: (method, sent) => {
      for (const meets of rules) {
        const fault = meets(method, sent);
        if (fault !== null) {
          return fault;
        }
      }
      return null;
    },
  };
}

function concerns(rule: FaultRule, method: string, sent: unknown): boolean {
  const isNamed =
    typeof rule.method === 'string' ? rule.method === method : rule.method.test(method);
  return isNamed && (rule.where?.(sent) ?? true);
}
