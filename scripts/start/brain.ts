/** The name of the brain as people should see it, asked of the running product. */
import { z } from 'zod';

const configSchema = z.object({ brain: z.string().min(1) });
const timeoutMs = 2_000;

/** As `/api/config` gives it, e.g. `demo brain`; undefined when it does not say. */
export async function readBrainName(webUrl: string): Promise<string | undefined> {
  try {
    const response = await fetch(new URL('/api/config', webUrl), { signal: AbortSignal.timeout(timeoutMs) });
    return response.ok ? configSchema.parse(await response.json()).brain : undefined;
  } catch {
    // The ready line goes without it; the status page says more.
    return undefined;
  }
}
