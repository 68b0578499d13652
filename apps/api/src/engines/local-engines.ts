/** What the local engines say of themselves, or one sentence on why they do not. */
import type { EnginesReadiness } from '@sophy/contracts/http-engines';
import { ProviderError } from '@sophy/conversation/provider-error';
import { readEnginesReadiness } from '@sophy/providers/local/read-engines-readiness';
import { HttpProblem } from '../http/http-problem.ts';

const limitMs = 1_900;

/**
 * @param enginesUrl Address up to `/v1`; undefined: there are none.
 * @throws HttpProblem 503 naming the local engines.
 */
export async function askLocalEngines(enginesUrl: string | undefined): Promise<EnginesReadiness> {
  if (enginesUrl === undefined) throw new HttpProblem(503, 'There are no local engines: set ENGINES_URL.');
  try {
    return await readEnginesReadiness(enginesUrl, { limitMs });
  } catch (cause) {
    if (!(cause instanceof ProviderError)) throw cause;
    const { host } = new URL(enginesUrl);
    throw new HttpProblem(
      503,
      `The local engines cannot be reached at ${host}. npm start runs them; or set ENGINES_URL.`,
      { cause },
    );
  }
}
