/** Puts the tool calls of a streamed chat completion together; they come in parts, several at once. */
import type { LlmToolCall } from '@sophy/conversation/llm-port';
import { z } from 'zod';

/** A call, or a part of one, as servers really send it. */
export const toolCallPartSchema = z.object({
  /** Which call of the answer; some servers leave it out, or send 0 for every call. */
  index: z.number().int().nullish(),
  /** Comes with the first part of a call. */
  id: z.string().nullish(),
  function: z
    .object({
      name: z.string().nullish(),
      /** Text of JSON in parts; a few servers send the object itself. */
      arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
    })
    .nullish(),
});
export type ToolCallPart = z.infer<typeof toolCallPartSchema>;

type OpenCall = { readonly index: number | undefined; id: string; name: string; argumentsJson: string };

/** More than any answer for the ear asks for. */
const most = { calls: 16, argumentCharacters: 65_536 } as const;

export class ToolCallParts {
  readonly #calls: OpenCall[] = [];

  /** @throws RangeError when the answer asks for more, or with longer arguments, than anything sensible does. */
  add(part: ToolCallPart): void {
    const { name, arguments: given } = part.function ?? {};
    const call = this.#callOf(part);
    if (name && call.name === '') call.name = name;
    if (part.id && call.id === '') call.id = part.id;
    call.argumentsJson += typeof given === 'object' && given !== null ? JSON.stringify(given) : (given ?? '');
    if (call.argumentsJson.length > most.argumentCharacters)
      throw new RangeError(
        `the arguments of a tool call are longer than ${most.argumentCharacters} characters`,
      );
  }

  /** The calls, in the order in which they began. Those of a server that gives no ids are numbered. */
  finish(): readonly LlmToolCall[] {
    return this.#calls.map(({ id, name, argumentsJson }, position) => ({
      callId: id === '' ? `call_${position}` : id,
      name,
      argumentsJson: argumentsJson.trim() === '' ? '{}' : argumentsJson,
    }));
  }

  #callOf({ index, id, function: called }: ToolCallPart): OpenCall {
    const known =
      typeof index === 'number' ? this.#calls.findLast((call) => call.index === index) : this.#calls.at(-1);
    const isNewId = Boolean(id) && known?.id !== id;
    const isNewName = Boolean(called?.name) && known?.name !== '' && !id && typeof index !== 'number';
    if (known !== undefined && !isNewId && !isNewName) return known;
    if (this.#calls.length >= most.calls)
      throw new RangeError(`the answer asks for more than ${most.calls} tool calls`);
    const fresh: OpenCall = { index: index ?? undefined, id: '', name: '', argumentsJson: '' };
    this.#calls.push(fresh);
    return fresh;
  }
}
