/** Test support: Groq on loopback, with what it refuses. */
import {
  type ChatLoopback,
  type ChatLoopbackOptions,
  startChatLoopback,
} from '../openai/start-chat-loopback.ts';

const models = ['openai/gpt-oss-20b', 'qwen/qwen3-32b', 'llama-3.1-8b-instant', 'whisper-large-v3-turbo'];

export function startGroqLoopback(options: ChatLoopbackOptions): Promise<ChatLoopback> {
  return startChatLoopback(
    {
      path: '/openai/v1',
      models,
      refuses: ({
        model,
        reasoning_effort: effort,
        reasoning_format: format,
        include_reasoning: included,
      }) => {
        if (!models.includes(model)) return `The model \`${model}\` does not exist`;
        if (format !== undefined && included !== undefined)
          return '`include_reasoning` and `reasoning_format` exclude each other';
        if (effort === undefined) return undefined;
        const efforts = model.includes('gpt-oss')
          ? ['low', 'medium', 'high']
          : model.includes('qwen3')
            ? ['none', 'default']
            : [];
        return efforts.includes(String(effort))
          ? undefined
          : '`reasoning_effort` is not supported with this model';
      },
      lastFields: { x_groq: { id: 'req_1', usage: { queue_time: 0.01 } } },
    },
    options,
  );
}
