/** `${NAME}` in SERVERS_FILE, which is replaced with a value from the environment. */

/** The values of the `${…}` in a text. */
export interface Variables {
  /** By name; a variable that is not set is absent. */
  readonly values: Readonly<Record<string, string>>;
  /** One sentence for each variable whose file could not be read. */
  readonly faults: Readonly<Record<string, string>>;
}

const VARIABLE = /\$\{([^}]*)\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The names of all `${…}` in the text, including those in comments. */
export function variablesIn(text: string): readonly string[] {
  const names = Array.from(text.matchAll(VARIABLE), (match) => match[1] ?? '');
  return Array.from(new Set(names)).filter((name) => NAME.test(name));
}

/** The text with all values filled in, or the errors, without a full stop. */
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
    // The name is not shown: it may be part of a password.
    return `expected letters, digits and underscores in \${…}, got other characters`;
  }
  const unread = faults[name];
  if (unread !== undefined) return unread.replace(/\.$/, '');
  return `expected the variable ${name}, got nothing; set ${name} or ${name}_FILE`;
}
