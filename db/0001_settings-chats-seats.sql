-- Settings, chats with their messages, and the seats that tokens reserve.

-- Up Migration
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE settings (
  key text PRIMARY KEY,
  value jsonb,
  -- A secret, encrypted with the secrets key: v1.<key id>.<iv>.<ciphertext>.<tag>.
  sealed text,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT settings_value_or_sealed CHECK ((value IS NULL) <> (sealed IS NULL))
);

-- One row: grows with every change of the settings.
CREATE TABLE settings_version (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  version integer NOT NULL
);
INSERT INTO settings_version (version) VALUES (1);

CREATE TABLE chats (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  title text NOT NULL,
  room_name text,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Last activity: the chat was made or a message was added.
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- Changes in the statement that adds the message, so that a list needs no counting.
  message_count integer NOT NULL DEFAULT 0
);
CREATE INDEX chats_by_activity ON chats (updated_at DESC, id DESC);
CREATE INDEX chats_of_room ON chats (room_name, updated_at DESC, id DESC) WHERE room_name IS NOT NULL;
CREATE INDEX chats_title_search ON chats USING gin (title gin_trgm_ops);

CREATE TABLE messages (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  chat_id uuid NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  -- Null for a message that was typed into the stored chat, outside of a call.
  call_id uuid,
  item_id text,
  epoch integer,
  role text NOT NULL CHECK (role IN ('user', 'assistant', 'system')),
  content text NOT NULL,
  speaker text,
  speaker_identity text,
  interrupted boolean NOT NULL DEFAULT false,
  -- When it was said, which is the order in which a chat is read; rows may arrive later.
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT messages_once_per_item UNIQUE (call_id, item_id),
  CONSTRAINT messages_of_call_have_item CHECK (
    (call_id IS NULL AND item_id IS NULL AND epoch IS NULL)
    OR (call_id IS NOT NULL AND item_id IS NOT NULL AND epoch IS NOT NULL)
  )
);
CREATE INDEX messages_of_chat ON messages (chat_id, created_at, id);
CREATE INDEX messages_content_search ON messages USING gin (content gin_trgm_ops);

CREATE TABLE seats (
  room_name text NOT NULL,
  -- The participant's name, case-folded.
  name_key text NOT NULL,
  identity text NOT NULL,
  -- SHA-256 of the key that renews this seat.
  seat_key_hash bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (room_name, name_key)
);
CREATE INDEX seats_by_expiry ON seats (expires_at);

-- Down Migration
DROP TABLE seats;
DROP TABLE messages;
DROP TABLE chats;
DROP TABLE settings_version;
DROP TABLE settings;
