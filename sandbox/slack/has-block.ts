/** Selects calls by the blocks they send, for `where` of a fault. */

/** `where: hasBlock('table')`: whether a call sends a block of one of these types, however deep it stands. */
export function hasBlock(...types: readonly string[]): (sent: unknown) => boolean {
  const holds = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null) return false;
    const { type } = value as { readonly type?: unknown };
    if (typeof type === 'string' && types.includes(type)) return true;
    return Object.values(value).some(holds);
  };
  return (sent) => {
    if (typeof sent !== 'object' || sent === null) return false;
    const { blocks, attachments, view } = sent as Readonly<Record<string, unknown>>;
    return [blocks, attachments, view].some(holds);
  };
}
