/** Whether an Ollama that can answer is on this machine, or where OLLAMA_HOST says. */
import { z } from 'zod';

const tagsSchema = z.object({ models: z.array(z.object({ name: z.string() })) });
const timeoutMs = 800;

/** True when it answers and has at least one model. */
export async function ollamaAnswers(host: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/api/tags', host), { signal: AbortSignal.timeout(timeoutMs) });
    return response.ok && tagsSchema.parse(await response.json()).models.length > 0;
  } catch {
    // Nobody there, or something that is not Ollama.
    return false;
  }
}
