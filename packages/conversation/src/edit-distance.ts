/** Closeness of two short words. */

/** Whether one letter added, left out or changed makes one word the other. */
export function isWithinOneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same += 1;
  const restOfA = a.slice(same);
  const restOfB = b.slice(same);
  return (
    restOfA === restOfB ||
    restOfA.slice(1) === restOfB.slice(1) ||
    restOfA.slice(1) === restOfB ||
    restOfA === restOfB.slice(1)
  );
}
