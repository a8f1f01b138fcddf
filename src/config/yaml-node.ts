import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';

/** What a YAML file holds at one place: texts as they were written, and words for the rest. */

/** `&name` as met so far. */
export type Anchors = Map<string, Node>;

/** What an alias stands for, else the node itself; null = nothing. */
export function resolved(node: Node | null, anchors: Anchors): Node | null {
  if (isAlias(node)) return anchors.get(node.source) ?? null;
  if ((isScalar(node) || isSeq(node) || isMap(node)) && node.anchor !== undefined) {
    anchors.set(node.anchor, node);
  }
  return node;
}

/** null: no text stands there. */
export function textAt(node: Node | null): string | null {
  return isScalar(node) && node.value !== null ? written(node) : null;
}

/** The texts of a list by comma; null = no list, or of something else. */
export function listAt(node: Node | null, anchors: Anchors): string | null {
  if (!isSeq<Node | null>(node)) return null;
  const texts = node.items.map((item) => textAt(resolved(item, anchors)));
  return texts.includes(null) ? null : texts.join(',');
}

export function isNothing(node: Node | null): boolean {
  return node === null || (isScalar(node) && (node.value === null || written(node) === ''));
}

export function offsetOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

/** The end of `got …`. */
export function kindOf(node: Node | null): string {
  if (isMap(node)) return 'keys';
  if (isSeq(node)) return node.items.length === 0 ? 'an empty list' : 'a list';
  return isNothing(node) ? 'nothing' : 'a text';
}

/** Not as YAML reads it: 007 and off stay what they are. */
function written(node: Scalar): string {
  return (node.source ?? String(node.value)).trim();
}
