package io.vmqtt.store.shard;

/**
 * Bounds of log entries, and of what waits for them.
 *
 * @param commands commands in one entry
 * @param bytes bytes of commands in one entry; a larger command travels alone
 * @param commandBytes a larger command is refused
 * @param inFlight entries on their way at once
 * @param pending commands that wait for an entry before links are held back
 */
public record EntryBounds(int commands, int bytes, int commandBytes, int inFlight, int pending) {}
