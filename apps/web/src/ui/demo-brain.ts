/** Tells the tiny model that only shows that the chain works from a real one. */

/** Stands alone in the service's configuration and inside the worker's label, e.g. `local:tiny (demo brain)`. */
const demoBrain = 'demo brain';

export function isDemoBrain(brain: string): boolean {
  return brain.includes(demoBrain);
}
