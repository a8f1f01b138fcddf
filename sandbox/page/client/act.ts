/** Sends what a person does to the server; asks the world. */
import { createContext, useContext } from 'react';
import type { ActAnswer } from '../shape.ts';

/** Says what failed before the person's eyes; null = nothing did. Never rejects. */
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
    // The page's own server answers in this shape.
    const { failure } = (await response.json()) as ActAnswer;
    return failure;
  } catch {
    return 'The sandbox does not answer. Is npm run demo still running?';
  }
}
