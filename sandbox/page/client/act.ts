/** Sends what a person does to the server. Does I/O. */
import { createContext, useContext } from 'react';
import type { ActAnswer } from '../shape.ts';

/** Resolves with the failure to show to the person; null = it worked. Never rejects. */
export type Send = (act: {
  readonly kind: string;
  readonly [field: string]: unknown;
}) => Promise<string | null>;

export const SendContext = createContext<Send>(async () => 'The page is not ready.');

export function useSend(): Send {
  return useContext(SendContext);
}

export async function sendAct(act: object): Promise<string | null> {
  try {
    const response = await fetch('/act', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(act),
    });
    if (!response.ok) return await response.text();
    // The page's server sends this shape.
    const { failure } = (await response.json()) as ActAnswer;
    return failure;
  } catch {
    return 'The sandbox does not respond. Is npm run demo still running?';
  }
}
