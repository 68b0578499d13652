/** A chat as a file: plain text, Markdown, JSON or WebVTT captions. */
import type { ChatMessage, ChatResponse } from '@sophy/contracts/http-chat';

export type ExportFormat = 'txt' | 'md' | 'json' | 'vtt';

export type ExportedChat = { readonly contentType: string; readonly fileName: string; readonly body: string };

const contentTypes = {
  txt: 'text/plain; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  json: 'application/json; charset=utf-8',
  vtt: 'text/vtt; charset=utf-8',
} as const satisfies Record<ExportFormat, string>;

export function exportChat(chat: ChatResponse, format: ExportFormat, agentName: string): ExportedChat {
  const write = { txt: toText, md: toMarkdown, json: toJson, vtt: toCaptions }[format];
  return {
    contentType: contentTypes[format],
    fileName: `chat-${chat.id}.${format}`,
    body: write(chat, agentName),
  };
}

function speakerOf(message: ChatMessage, agentName: string): string {
  if (message.speaker !== null) return message.speaker;
  return message.role === 'assistant' ? agentName : message.role;
}

/** What was cut off ends in a dash, as in a written dialogue. */
function spoken(message: ChatMessage): string {
  return message.interrupted ? `${message.content} —` : message.content;
}

function toText(chat: ChatResponse, agentName: string): string {
  const lines = chat.messages.map(
    (message) => `[${message.created_at}] ${speakerOf(message, agentName)}: ${spoken(message)}`,
  );
  return [chat.title, '', ...lines, ''].join('\n');
}

function toMarkdown(chat: ChatResponse, agentName: string): string {
  const entries = chat.messages.map(
    (message) =>
      `**${escapeMarkdown(speakerOf(message, agentName))}** · ${message.created_at}\n\n${escapeMarkdown(spoken(message))}\n`,
  );
  return [`# ${escapeMarkdown(chat.title)}`, '', ...entries].join('\n');
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|~]/g, '\\$&');
}

function toJson(chat: ChatResponse): string {
  return `${JSON.stringify(chat, null, 2)}\n`;
}

/** Speaking rate for the end of a caption: about 15 characters a second, the usual reading speed of subtitles. */
const charactersPerSecond = 15;
const shortestCueMs = 1_000;

/** Captions with times from the start of the first message. */
function toCaptions(chat: ChatResponse, agentName: string): string {
  const startMs = Math.min(...chat.messages.map(({ created_at }) => Date.parse(created_at)));
  const cues = chat.messages.map((message) => {
    const fromMs = Date.parse(message.created_at) - startMs;
    const lengthMs = Math.max(shortestCueMs, (message.content.length / charactersPerSecond) * 1_000);
    const text = escapeCaption(spoken(message));
    return `${timestamp(fromMs)} --> ${timestamp(fromMs + lengthMs)}\n<v ${escapeCaption(speakerOf(message, agentName))}>${text}\n`;
  });
  return ['WEBVTT', '', ...cues].join('\n');
}

/** A blank line would end the cue, and `-->` would begin another. */
function escapeCaption(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/\s*[\r\n]+\s*/g, '\n');
}

function timestamp(ms: number): string {
  const whole = Math.round(ms);
  const part = (value: number, digits: number) => String(Math.floor(value)).padStart(digits, '0');
  const minutes = part((whole / 60_000) % 60, 2);
  const seconds = part((whole / 1_000) % 60, 2);
  return `${part(whole / 3_600_000, 2)}:${minutes}:${seconds}.${part(whole % 1_000, 3)}`;
}
