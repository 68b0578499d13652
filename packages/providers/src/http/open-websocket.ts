/** A WebSocket to an engine that tells with which HTTP status a handshake was refused. */
import type { Duplex } from 'node:stream';
import { type Dispatcher, WebSocket } from 'undici';
import { connectionPool } from './connection-pool.ts';

export type EngineSocket = {
  readonly socket: WebSocket;
  /** Status that the server gave instead of a WebSocket; undefined when it gave none. */
  refusedWith(): number | undefined;
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
  let upgraded: Duplex | undefined;
  const watch: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (request, handler) =>
    dispatch(request, {
      onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
      onRequestUpgrade: (controller, statusCode, headers, socket) => {
        upgraded = socket;
        handler.onRequestUpgrade?.(controller, statusCode, headers, socket);
      },
      onResponseStart: (controller, statusCode, headers, message) => {
        status = statusCode;
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
    terminate: () => upgraded?.destroy(),
  };
}

/** The WebSocket address of an HTTP address. */
export function websocketUrl(url: string): string {
  return url.replace(/^http/, 'ws');
}
