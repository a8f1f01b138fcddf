/** Removes tokens, passwords in URLs and tickets from a text before it is written. */

const SECRETS: readonly (readonly [RegExp, string])[] = [
  // Slack's tokens: xoxb-1-abc, xapp-1-A0-abc, xoxe.xoxb-1-abc.
  [/\b(xox[a-z]|xapp)([-.])[\w.-]+/g, '$1$2…'],
  // user:password@host. An unencoded password may contain anything, even an @.
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:@/"']*):[^\s"']*@/gi, '$1:…@'],
  // The ticket of a Socket Mode address and the path of a response_url work for anyone who has them.
  [/\b(ticket|token|secret|password)=[^\s&"']+/gi, '$1=…'],
  [/(\/(?:commands|actions|services|workflows|triggers)\/)[A-Za-z0-9]+\/[^\s"'\\]+/g, '$1…'],
];

/** The text with every secret in it replaced by `…`. */
export function redact(text: string): string {
  return SECRETS.reduce((left, [pattern, shown]) => left.replace(pattern, shown), text);
}
