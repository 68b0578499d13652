/** A WebSocket to an engine that tells with which HTTP status a handshake was refused. */
import type { IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Dispatcher, WebSocket } from 'undici';
import { connectionPool } from './connection-pool.ts';
import { retryAfterMs } from './retry-after.ts';

export type EngineSocket = {
  readonly socket: WebSocket;
  /** Status that the server gave instead of a WebSocket; undefined when it gave none. */
  refusedWith(): number | undefined;
  /** What the server asked to wait with that status, ms. */
  refusedForMs(): number | undefined;
  /** Headers that came with that status; empty when there was none. */
  refusalHeaders(): IncomingHttpHeaders;
  /** Whether the process must stay for this connection. */
  holdProcess(isHeld: boolean): void;
  /** Drops the connection without the goodbye of the protocol. */
  terminate(): void;
};

/** Begins to open a WebSocket at `ws(s)://…`; how that went comes as events of the socket. */
export function openWebsocket(options: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connectMs: number;
}): EngineSocket {
  let status: number | undefined;
  let refusalHeaders: IncomingHttpHeaders = {};
  let upgraded: Duplex | undefined;
  let isHeld = true;
  let isTerminated = false;
  const applyHold = () => {
    if (!(upgraded instanceof Socket)) return;
    if (isHeld) upgraded.ref();
    else upgraded.unref();
  };
  const watch: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (request, handler) =>
    dispatch(request, {
      onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
      onRequestUpgrade: (controller, statusCode, headers, socket) => {
        upgraded = socket;
        applyHold();
        if (isTerminated) socket.destroy();
        handler.onRequestUpgrade?.(controller, statusCode, headers, socket);
      },
      onResponseStart: (controller, statusCode, headers, message) => {
        status = statusCode;
        refusalHeaders = headers;
        handler.onResponseStart?.(controller, statusCode, headers, message);
      },
      onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
      onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
      onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
    });
  const socket = new WebSocket(options.url, {
    headers: { ...options.headers },
    dispatcher: connectionPool(options.connectMs).compose(watch),
  });
  return {
    socket,
    refusedWith: () => status,
    refusedForMs: () => retryAfterMs(refusalHeaders, Date.now()),
    refusalHeaders: () => refusalHeaders,
    holdProcess: (held) => {
      isHeld = held;
      applyHold();
    },
    terminate: () => {
      isTerminated = true;
      // Before the handshake is over there is no connection yet to destroy.
      if (upgraded === undefined) socket.close();
      else upgraded.destroy();
    },
  };
}

/** The WebSocket address of an HTTP address. */
export function websocketUrl(url: string): string {
  return url.replace(/^http/, 'ws');
}
