/** Tells when the process that started us over an IPC channel is gone, also by `kill -9`. */

/** Calls back once when the channel closes. Without a channel (started by hand) nothing ever happens. */
export function onParentGone(callback: () => void): void {
  if (process.channel === undefined || process.channel === null) return;
  process.once('disconnect', callback);
  // The channel alone must not keep a finished process alive.
  process.channel.unref();
}
