import { createRequire } from 'node:module';
import type { Document } from 'yaml';

const require = createRequire(import.meta.url);

/** The package has many files, and most commands read no YAML, so it is loaded by the first file. */
const load = (): typeof import('yaml') => require('yaml');

/** A parsed YAML file: its values and their lines. */
export interface Yaml {
  /** Texts as written, including `007` and `off`; lists; objects; null for an empty value. */
  readonly value: unknown;
  /** The line of a key or list item, by its path; if it does not exist, that of its parent. */
  readonly lineOf: (path: Path) => number;
}

export type Path = readonly (string | number)[];

export interface YamlFault {
  readonly line: number;
  readonly says: string;
}

export function readYaml(text: string): Yaml | { readonly faults: readonly YamlFault[] } {
  const { LineCounter, parseDocument, visit } = load();
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'failsafe',
    customTags: ['null'],
    lineCounter: lines,
    // Pretty errors and warnings would quote the line, which may contain a secret.
    prettyErrors: false,
    logLevel: 'error',
  });
  const faults = document.errors.map(({ code, pos }) => {
    const reason = code.toLowerCase().replaceAll('_', ' ');
    const says = `expected YAML, got a syntax error (${reason})`;
    return { line: lines.linePos(pos[0]).line, says };
  });
  const anchors = new Set<string | undefined>();
  visit(document, {
    Value: (_, { anchor }) => void anchors.add(anchor),
    Alias: (_, { source, range }) => {
      if (anchors.has(source)) return;
      const says = 'expected an alias of an anchor above it, got one without an anchor';
      faults.push({ line: lines.linePos(range?.[0] ?? 0).line, says });
    },
  });
  if (faults.length > 0) return { faults };
  return {
    // No limit on aliases: an alias shares the value of its anchor and copies nothing.
    value: document.toJS({ maxAliasCount: -1 }),
    lineOf: (path) => lines.linePos(offsetOf(document, path)).line,
  };
}

function offsetOf(document: Document.Parsed, path: Path): number {
  const { isMap, isNode, isScalar } = load();
  const parent: unknown = document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
    : undefined;
  const node: unknown = pair?.key ?? document.getIn(path, true);
  if (isNode(node) && node.range) return node.range[0];
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1));
}
