/** Test support: Cerebras on loopback, with what it refuses. */
import {
  type ChatLoopback,
  type ChatLoopbackOptions,
  startChatLoopback,
} from '../openai/start-chat-loopback.ts';

const models = ['gpt-oss-120b', 'zai-glm-4.6', 'llama3.1-8b'];
const refusedFields = ['frequency_penalty', 'presence_penalty', 'logit_bias', 'service_tier'];

export function startCerebrasLoopback(options: ChatLoopbackOptions): Promise<ChatLoopback> {
  return startChatLoopback(
    {
      path: '/v1',
      models,
      refuses: (request) => {
        const { model, reasoning_effort: effort, disable_reasoning: isDisabled } = request;
        if (!models.includes(model)) return `Model ${model} does not exist`;
        const field = refusedFields.find((name) => name in request);
        if (field !== undefined) return `property '${field}' is unsupported`;
        if (isDisabled !== undefined && !model.includes('glm')) return 'disable_reasoning is unsupported';
        if (effort === undefined) return undefined;
        const isTaken = model.includes('gpt-oss') && ['low', 'medium', 'high'].includes(String(effort));
        return isTaken ? undefined : 'reasoning_effort is unsupported';
      },
      lastFields: { time_info: { queue_time: 0.001, total_time: 0.1 } },
    },
    options,
  );
}
