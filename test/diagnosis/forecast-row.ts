import { expect } from 'vitest';
import type { FlushEffect } from '../../src/diagnosis/after-flush.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { Evidence } from '../../src/diagnosis/evidence.ts';
import { exitOf } from '../../src/diagnosis/json.ts';

/** One row of a table: what the server answers now and after a flush, and what that flush is worth. */
export interface ForecastRow {
  readonly name: string;
  readonly evidence: Evidence;
  /** The outcomes now and after a flush. */
  readonly from: string;
  readonly to: string;
  readonly flush: FlushEffect;
  readonly exit: 0 | 1 | 3;
}

function told({ evidence }: ForecastRow) {
  const diagnosis = diagnose(evidence);
  const { prediction, forecast } = diagnosis;
  return {
    from: prediction.now.outcome,
    to: prediction.afterFlush.outcome,
    flush: forecast.effect,
    exit: exitOf(diagnosis),
  };
}

export function checkForecast(row: ForecastRow): void {
  const { from, to, flush, exit } = row;
  expect(told(row)).toEqual({ from, to, flush, exit });
}

export const AFTER_FIX = {
  from: 'refused',
  to: 'refused',
  flush: 'cures-after-fix',
  exit: 1,
} as const;
export const CURES = { from: 'refused', to: 'admitted', flush: 'cures', exit: 1 } as const;
export const REFUSED = { from: 'refused', to: 'refused', flush: 'useless', exit: 1 } as const;
export const ADMITTED = { from: 'admitted', to: 'admitted', flush: 'useless', exit: 0 } as const;
