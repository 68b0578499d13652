/** Test support: Edge's read-aloud service on loopback: its tokens, its two kinds of messages, MP3 and times of words. */

import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { createMp3Encoder } from 'wasm-media-encoders';
import { type WebSocket, WebSocketServer } from 'ws';
import type { EngineFault } from '../http/engine-fault.ts';
import { failHandshake } from '../http/loopback-faults.ts';
import { startLoopbackServer } from '../http/loopback-server.ts';
import { giveLoopbackSocketAnswer } from '../http/loopback-socket-answer.ts';
import {
  piecesOf,
  type SpeechLoopback,
  type SpeechLoopbackOptions,
  type SpeechLoopbackRequest,
} from '../http/loopback-speech.ts';
import { parseMessage, securityToken } from './edge-protocol.ts';

const ticksPerMs = 10_000;
const closeCodes: Readonly<Record<number, number>> = { 400: 1_007, 500: 1_011 };

/** Its voices speak 24 kHz. */
export async function startEdgeLoopback(
  options: SpeechLoopbackOptions & {
    /** The service's clock. */
    readonly nowMs?: () => number;
  },
): Promise<SpeechLoopback> {
  const { nowMs = Date.now } = options;
  const requests: SpeechLoopbackRequest[] = [];
  let fault: EngineFault | undefined;
  const websockets = new WebSocketServer({ noServer: true });
  const isBrowser = (url: URL, origin: string | undefined) =>
    url.searchParams.get('Sec-MS-GEC') === securityToken(nowMs()) &&
    url.searchParams.has('TrustedClientToken') &&
    origin?.startsWith('chrome-extension://') === true;
  const server = await startLoopbackServer(
    ({ url }, response) => {
      const isVoices = new URL(url, 'http://x').pathname.endsWith('/voices/list');
      response.writeHead(isVoices ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isVoices ? voices : {}));
    },
    (request, socket, head) => {
      if (failHandshake(fault, socket)) return;
      const url = new URL(request.url ?? '/', 'http://x');
      if (!url.pathname.endsWith('/readaloud/edge/v1') || !isBrowser(url, request.headers.origin)) {
        const date = new Date(nowMs()).toUTCString();
        socket.end(
          `HTTP/1.1 403 Forbidden\r\ndate: ${date}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
        );
        return;
      }
      websockets.handleUpgrade(request, socket, head, (websocket) => {
        let isConfigured = false;
        websocket.on('message', (data) => {
          const message = parseMessage(String(data));
          const body = Buffer.from(message?.body ?? []).toString('utf8');
          if (message?.headers['path'] === 'speech.config') {
            isConfigured = body.includes('"audio-24khz-48kbitrate-mono-mp3"');
            return;
          }
          const asked = readSsml(body);
          const requestId = message?.headers['x-requestid'];
          if (!isConfigured || asked === undefined || requestId === undefined) {
            websocket.close(1_007, 'SSML is invalid');
            return;
          }
          void speak(websocket, requestId, asked);
        });
      });
    },
  );

  async function speak(
    socket: WebSocket,
    requestId: string,
    asked: Pick<SpeechLoopbackRequest, 'text' | 'voice' | 'speed'>,
  ): Promise<void> {
    const request: SpeechLoopbackRequest = {
      ...asked,
      language: asked.voice?.slice(0, 2),
      authorization: undefined,
      outcome: 'running',
    };
    requests.push(request);
    const text = (path: string, body: object) =>
      `X-RequestId:${requestId}\r\nContent-Type:application/json; charset=utf-8\r\nPath:${path}\r\n\r\n${JSON.stringify(body)}`;
    const isKnown = voices.some(({ ShortName }) => ShortName === asked.voice);
    const sound = options.speak(asked.text);
    const frames = isKnown ? await encodeMp3(sound) : [];
    const times = wordTimes(asked.text, sound).map((word) => text('audio.metadata', { Metadata: [word] }));
    request.outcome = await giveLoopbackSocketAnswer(
      socket,
      {
        pieces: [
          ...frames.map((frame, index) => [
            ...(index === 0 ? [text('turn.start', {}), text('response', {}), ...times] : []),
            audioMessage(requestId, frame),
          ]),
          [text('turn.end', {})],
        ],
        pace: options.pace,
        refuse: (status) => socket.close(closeCodes[status] ?? 1_008),
      },
      fault,
    );
  }

  return {
    url: server.url,
    requests,
    connections: () => ({ opened: server.connections(), open: server.openConnections() }),
    setFault: (next) => {
      fault = next;
    },
    close: server.close,
  };
}

/** One piece for each 100 ms; the encoder keeps a little back, which the last one brings. */
async function encodeMp3(sound: PcmAudio): Promise<readonly Uint8Array[]> {
  const encoder = await createMp3Encoder();
  encoder.configure({ channels: 1, sampleRate: 24_000, bitrate: 48 });
  const pieces = piecesOf(sound).map((samples) =>
    Buffer.from(encoder.encode([Float32Array.from(samples, (sample) => sample / 32_768)])),
  );
  return [...pieces, Buffer.from(encoder.finalize())];
}

function audioMessage(requestId: string, frame: Uint8Array): Buffer {
  const headers = Buffer.from(`X-RequestId:${requestId}\r\nContent-Type:audio/mpeg\r\nPath:audio\r\n`);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(headers.length);
  return Buffer.concat([length, headers, frame]);
}

/** Each word as long as its letters are many. */
function wordTimes(text: string, { samples, sampleRateHz }: PcmAudio): readonly object[] {
  const characterMs = (samples.length / sampleRateHz) * (1_000 / text.length);
  return [...text.matchAll(/[\p{L}\p{N}']+/gu)].map(({ 0: word, index }) => ({
    Type: 'WordBoundary',
    Data: {
      Offset: Math.floor(index * characterMs) * ticksPerMs,
      Duration: Math.floor(word.length * characterMs) * ticksPerMs,
      text: { Text: word, Length: word.length, BoundaryType: 'WordBoundary' },
    },
  }));
}

/** Undefined for everything but one voice with one prosody, as the service has it. */
function readSsml(ssml: string): Pick<SpeechLoopbackRequest, 'text' | 'voice' | 'speed'> | undefined {
  const match =
    /^<speak [^>]*><voice name='([^']+)'><prosody pitch='[+-]\d+Hz' rate='([+-]\d+)%' volume='[+-]\d+%'>([^<>]*)<\/prosody><\/voice><\/speak>$/.exec(
      ssml,
    );
  if (match === null) return undefined;
  const [, voice, percent, escaped = ''] = match;
  // Clients may also name a voice as the service does itself.
  const long = /\((\w+-\w+), (\w+)\)$/.exec(voice ?? '');
  const shortName = long === null ? voice : `${long[1]}-${long[2]}`;
  const text = escaped.replaceAll('&apos;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>');
  return {
    voice: shortName,
    speed: 1 + Number(percent) / 100,
    text: text.replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  };
}

const voices = [
  {
    ShortName: 'it-IT-ElsaNeural',
    Gender: 'Female',
    Locale: 'it-IT',
    FriendlyName: 'Elsa Online - Italian (Italy)',
  },
  {
    ShortName: 'en-US-AvaNeural',
    Gender: 'Female',
    Locale: 'en-US',
    FriendlyName: 'Ava Online - English (US)',
  },
];
