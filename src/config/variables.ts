/** `${NAME}` in SERVERS_FILE: what stands for a value of the environment. */

/** What a text's `${…}` were found to hold. */
export interface Variables {
  /** By name; what the environment does not hold is left out. */
  readonly values: Readonly<Record<string, string>>;
  /** Variables whose file could not be read, one sentence each. */
  readonly faults: Readonly<Record<string, string>>;
}

const VARIABLE = /\$\{([^}]*)\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The names of the `${…}` in the text, in comments too. */
export function variablesIn(text: string): readonly string[] {
  const names = Array.from(text.matchAll(VARIABLE), (match) => match[1] ?? '');
  return Array.from(new Set(names)).filter((name) => NAME.test(name));
}

/** The text with every value in its place, or what is missing, without a full stop. */
export function expanded(
  text: string,
  variables: Variables,
): string | { readonly faults: readonly string[] } {
  const faults: string[] = [];
  const filled = text.replace(VARIABLE, (_, name: string) => {
    const value = variables.values[name];
    if (value !== undefined) return value;
    faults.push(faultOf(name, variables));
    return '';
  });
  return faults.length === 0 ? filled : { faults };
}

function faultOf(name: string, { faults }: Variables): string {
  if (!NAME.test(name)) {
    // What stands there may be part of a password.
    return `expected letters, digits and underscores in \${…}, got others`;
  }
  const unread = faults[name];
  if (unread !== undefined) return unread.replace(/\.$/, '');
  return `expected the variable ${name}, got nothing; set ${name} or ${name}_FILE`;
}
