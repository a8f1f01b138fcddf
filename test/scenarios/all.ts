import type { Evidence } from '../../src/diagnosis/evidence.ts';
import * as blind from './blind.ts';
import * as blocks from './blocks.ts';
import { healthy } from './evidence.ts';
import * as failures from './failures.ts';
import * as logins from './logins.ts';
import * as names from './names.ts';

/** Every scenario with its name, for tests of all scenarios. */
const { failure: _row, failing: _made, ...failed } = failures;

export const SCENARIOS: readonly { readonly name: string; readonly evidence: Evidence }[] =
  Object.entries({ healthy, ...names, ...blocks, ...logins, ...blind, ...failed }).map(
    ([name, evidence]) => ({
      name,
      evidence,
    }),
  );
