/** The protocol of Edge's read-aloud voices, which no document describes: as the browser itself speaks it. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** Public: every Edge browser sends the same. */
const clientToken = '6A5AA1D4EAFF4E9FB37E23D68491D6F4';
const browserVersion = '143.0.3650.75';
const servicePath = '/consumer/speech/synthesize/readaloud';
/** From the first day of Windows time, 1601, to that of Unix time, s. */
const windowsEpochS = 11_644_473_600;
const tokenPeriodS = 300;
/** Windows counts time in steps of 100 ns. */
const ticksPerSecond = 10_000_000n;

/** Proof of being a browser: a hash of the token and of the time to five minutes. */
export function securityToken(unixMs: number): string {
  const seconds = Math.floor(unixMs / 1_000) + windowsEpochS;
  const ticks = BigInt(seconds - (seconds % tokenPeriodS)) * ticksPerSecond;
  return createHash('sha256').update(`${ticks}${clientToken}`, 'ascii').digest('hex').toUpperCase();
}

/** Path and query of the WebSocket. */
export function speechPath(unixMs: number): string {
  const query = new URLSearchParams({
    TrustedClientToken: clientToken,
    'Sec-MS-GEC': securityToken(unixMs),
    'Sec-MS-GEC-Version': `1-${browserVersion}`,
    ConnectionId: plainUuid(),
  });
  return `${servicePath}/edge/v1?${query}`;
}

export const voicesPath = `${servicePath}/voices/list?trustedclienttoken=${clientToken}`;

/** The service answers 403 to whom it takes for no browser. */
export function browserHeaders(): Readonly<Record<string, string>> {
  const major = browserVersion.split('.')[0];
  return {
    'user-agent': `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36 Edg/${major}.0.0.0`,
    'accept-language': 'en-US,en;q=0.9',
    origin: 'chrome-extension://jdiccldimpdaibmpdkjnbmckianbfold',
    cookie: `muid=${randomBytes(16).toString('hex').toUpperCase()};`,
  };
}

/** First message of a connection: MP3 with the times of words. Other formats are refused. */
export function configurationMessage(unixMs: number): string {
  const config = {
    context: {
      synthesis: {
        audio: {
          metadataoptions: { sentenceBoundaryEnabled: 'false', wordBoundaryEnabled: 'true' },
          outputFormat: 'audio-24khz-48kbitrate-mono-mp3',
        },
      },
    },
  };
  return message({
    headers: {
      'X-Timestamp': browserDate(unixMs),
      'Content-Type': 'application/json; charset=utf-8',
      Path: 'speech.config',
    },
    body: `${JSON.stringify(config)}\r\n`,
  });
}

/** A text to speak. Elements other than one voice with one prosody are answered with 1007. */
export function speechMessage(options: {
  readonly requestId: string;
  readonly text: string;
  readonly voice: string;
  readonly speed: number;
  readonly unixMs: number;
}): string {
  const { requestId, text, voice, speed, unixMs } = options;
  const percent = Math.round((speed - 1) * 100);
  const rate = `${percent < 0 ? '' : '+'}${percent}%`;
  const locale = voice.split('-').slice(0, 2).join('-');
  return message({
    headers: {
      'X-RequestId': requestId,
      'Content-Type': 'application/ssml+xml',
      'X-Timestamp': `${browserDate(unixMs)}Z`,
      Path: 'ssml',
    },
    body: `<speak version='1.0' xmlns='http://www.w3.org/2001/10/synthesis' xml:lang='${escapeXml(locale)}'><voice name='${escapeXml(voice)}'><prosody pitch='+0Hz' rate='${rate}' volume='+0%'>${escapeXml(text)}</prosody></voice></speak>`,
  });
}

export function plainUuid(): string {
  return randomUUID().replaceAll('-', '');
}

export type EdgeMessage = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

/**
 * A message of the service: text with headers down to an empty line, or bytes with the length of the headers before
 * them. Undefined: it is none.
 */
export function parseMessage(data: string | Uint8Array): EdgeMessage | undefined {
  if (typeof data === 'string') {
    const end = data.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    return { headers: parseHeaders(data.slice(0, end)), body: Buffer.from(data.slice(end + 4)) };
  }
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (bytes.length < 2) return undefined;
  const start = 2 + bytes.readUInt16BE(0);
  if (start > bytes.length) return undefined;
  return { headers: parseHeaders(bytes.toString('utf8', 2, start)), body: bytes.subarray(start) };
}

function parseHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}

function message(options: { readonly headers: Readonly<Record<string, string>>; readonly body: string }) {
  const lines = Object.entries(options.headers).map(([name, value]) => `${name}:${value}\r\n`);
  return `${lines.join('')}\r\n${options.body}`;
}

/** As a browser in England in winter writes it. */
function browserDate(unixMs: number): string {
  return new Date(unixMs).toUTCString().replace('GMT', 'GMT+0000 (Coordinated Universal Time)');
}

function escapeXml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll("'", '&apos;')
    .replaceAll('"', '&quot;');
}
