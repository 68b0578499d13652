/** The refusal that says that LiveKit does not answer. */
import { HttpProblem } from '../http/http-problem.ts';

export function livekitAway(cause: unknown): HttpProblem {
  return new HttpProblem(
    503,
    'LiveKit cannot be reached. Check LIVEKIT_URL and that livekit-server runs; try again in a moment.',
    { cause },
  );
}
