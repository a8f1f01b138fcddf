/** Characters of foreign text that could steer an output: a PTR record must not move the cursor. */

/** Controls, bidi marks, zero-width characters, line and paragraph separators, half surrogates. */
export const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The same in our own text or a statement, where line breaks and tabs stay. */
export const STEERING_IN_LINES = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
