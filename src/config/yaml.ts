import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';

/** A YAML file: its values, and on which line each one stands. */
export interface Yaml {
  /** Texts as they were written, `007` and `off` too; lists, objects, and null for nothing. */
  readonly value: unknown;
  /** Of a key or a list's item, by the keys and places that lead to it; else of what holds it. */
  readonly lineOf: (path: Path) => number;
}

export type Path = readonly (string | number)[];

export interface YamlFault {
  readonly line: number;
  readonly says: string;
}

export function readYaml(text: string): Yaml | { readonly faults: readonly YamlFault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'failsafe',
    customTags: ['null'],
    lineCounter: lines,
    // Pretty errors and warnings would quote the line, and whatever secret stands in it.
    prettyErrors: false,
    logLevel: 'error',
  });
  const faults = document.errors.map(({ code, pos }) => {
    const reason = code.toLowerCase().replaceAll('_', ' ');
    const says = `expected YAML, got what YAML cannot read (${reason})`;
    return { line: lines.linePos(pos[0]).line, says };
  });
  const anchors = new Set<string | undefined>();
  visit(document, {
    Value: (_, { anchor }) => void anchors.add(anchor),
    Alias: (_, { source, range }) => {
      if (anchors.has(source)) return;
      const says = 'expected an alias of an anchor above it, got one of none';
      faults.push({ line: lines.linePos(range?.[0] ?? 0).line, says });
    },
  });
  if (faults.length > 0) return { faults };
  return {
    // An alias shares the value of its anchor, and nothing is copied: there may be many.
    value: document.toJS({ maxAliasCount: -1 }),
    lineOf: (path) => lines.linePos(offsetOf(document, path)).line,
  };
}

function offsetOf(document: Document.Parsed, path: Path): number {
  const parent: unknown = document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
    : undefined;
  const node: unknown = pair?.key ?? document.getIn(path, true);
  if (isNode(node) && node.range) return node.range[0];
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1));
}
