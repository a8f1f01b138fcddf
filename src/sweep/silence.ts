import type { AlertRule } from './alert.ts';

/** What is not to be told for a while, who said so, and why. */
export interface Silence {
  /** `SI-3`. */
  readonly id: string;
  readonly matcher: SilenceMatcher;
  readonly reason: string;
  readonly by: string;
  readonly createdAt: Date;
  readonly endsAt: Date;
}

export type SilenceMatcher =
  | { readonly kind: 'server'; readonly server: string }
  /** One address is a network of full length. */
  | { readonly kind: 'network'; readonly address: string; readonly bits: number }
  | { readonly kind: 'rule'; readonly rule: AlertRule };
