/** `1 entry`, `2 entries`: so many of something, in words. */
export function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
