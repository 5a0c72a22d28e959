package io.vmqtt.cluster.machine;

/**
 * Files that this process needs beside those of its gateway: clients must not take them.
 *
 * @param count how many
 */
public record ReservedFiles(int count) {}
