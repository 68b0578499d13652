/** Stored chats as the API shows them. */
import type { ChatMessage, ChatSummary } from '@sophy/contracts/http-chat';
import type { ArchivedMessage, StoredChat } from '@sophy/db/chat-archive';

export function toChatSummary(chat: StoredChat): ChatSummary {
  return {
    id: chat.id,
    title: chat.title,
    room_name: chat.roomName,
    created_at: chat.createdAt.toISOString(),
    updated_at: chat.updatedAt.toISOString(),
    message_count: chat.messageCount,
  };
}

export function toChatMessage(message: ArchivedMessage): ChatMessage {
  return {
    id: message.id,
    role: message.role,
    content: message.content,
    speaker: message.speaker,
    created_at: message.createdAt.toISOString(),
    interrupted: message.interrupted,
  };
}
