/** A tool that an operator provides at an address: one POST of JSON for each run. */
import type { CallId } from '@sophy/contracts/ids';
import type { Tool, ToolOrder, ToolResult } from './tool.ts';
import { argumentsCheck, type HttpToolDefinition } from './tools-file.ts';

/** A model needs no more of a result, and a context is short. */
export const mostResultBytes = 4_096;

/** Nothing was sent: there was nobody to send it to. */
const unsentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export function httpTool(definition: HttpToolDefinition, callId: CallId): Tool {
  const { name, description, parameters, effect } = definition;
  return {
    name,
    description,
    parameters,
    kind:
      effect === 'none'
        ? { type: 'lookup', duringPreparation: definition.during_preparation }
        : {
            type: 'effect',
            gate: definition.confirmation === 'spoken' ? 'confirmed' : 'started',
            isRepeatable: definition.repeatable,
          },
    check: argumentsCheck(parameters),
    run: (order, signal) => ask(definition, callId, order, signal),
  };
}

async function ask(
  definition: HttpToolDefinition,
  callId: CallId,
  order: ToolOrder,
  signal: AbortSignal,
): Promise<ToolResult> {
  const timeout = AbortSignal.timeout(definition.timeout_ms);
  try {
    const response = await fetch(definition.url, {
      method: 'POST',
      headers: {
        ...definition.headers,
        'content-type': 'application/json',
        'idempotency-key': order.idempotencyKey,
      },
      body: JSON.stringify({
        arguments: JSON.parse(order.argumentsJson),
        call_id: callId,
        speaker: order.speaker,
      }),
      // Where it leads is the operator's to say, not the answer's.
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    });
    const text = await readCapped(response);
    if (response.ok) return { outcome: 'done', result: text };
    const outcome = response.status >= 500 || response.status === 408 ? 'unknown' : 'failed';
    return { outcome, result: `HTTP ${response.status}: ${text}` };
  } catch (error) {
    if (timeout.aborted)
      return { outcome: 'unknown', result: `no answer within ${definition.timeout_ms} ms` };
    if (signal.aborted) return { outcome: 'unknown', result: 'given up' };
    const code = causeCode(error);
    return {
      outcome: code !== undefined && unsentCodes.has(code) ? 'failed' : 'unknown',
      result: code === undefined ? 'the connection broke' : `the connection broke (${code})`,
    };
  }
}

/** The first `mostResultBytes` of a body as text; the rest is not read. */
async function readCapped(response: Response): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body) {
    const room = mostResultBytes - bytes;
    text += decoder.decode(chunk.subarray(0, room), { stream: true });
    bytes += chunk.length;
    // Leaving the loop cancels the body.
    if (bytes > mostResultBytes) return `${text} … (cut)`;
  }
  return text + decoder.decode();
}

/** `fetch` puts the code of what happened on the way into the cause, or into those of several addresses. */
function causeCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof AggregateError && error.errors.length > 0) return causeCode(error.errors[0]);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return causeCode(error.cause);
}
