/** Why a microphone cannot be used, told apart so that each reason gets its own advice. */

export type MicrophoneProblem =
  /** The page is neither https nor localhost: browsers hide microphones from it. */
  | 'insecure-origin'
  /** The person or the system's policy said no. */
  | 'denied'
  /** There is no microphone, or the chosen one is gone. */
  | 'missing'
  /** Another program holds it, or the system cannot open it. */
  | 'busy';

/**
 * Reads the reason out of what `getUserMedia` threw.
 * Names: Media Capture and Streams, section "getUserMedia()", and the older ones that browsers still use.
 */
export function microphoneProblemOf(error: unknown, isSecureContext: boolean): MicrophoneProblem {
  if (!isSecureContext) return 'insecure-origin';
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'DevicesNotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    default:
      return 'busy';
  }
}

export const microphoneProblemTexts = {
  'insecure-origin': { title: 'microphone.insecureTitle', advice: 'microphone.insecureAdvice' },
  denied: { title: 'microphone.deniedTitle', advice: 'microphone.deniedAdvice' },
  missing: { title: 'microphone.missingTitle', advice: 'microphone.missingAdvice' },
  busy: { title: 'microphone.busyTitle', advice: 'microphone.busyAdvice' },
} as const satisfies Record<MicrophoneProblem, { title: string; advice: string }>;
