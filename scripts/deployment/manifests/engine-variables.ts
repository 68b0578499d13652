/** The variables that choose engines and set them up, which API and workers need alike. */
import { environmentDocs } from '@sophy/contracts/environment';

/** What `ENGINES_*` and `MODEL_SOURCE` say is for the local engines themselves. */
export const engineVariables: readonly string[] = Object.entries(environmentDocs)
  .filter(
    ([name, { group }]) => group === 'engines' && !name.startsWith('ENGINES_') && name !== 'MODEL_SOURCE',
  )
  .map(([name]) => name);
