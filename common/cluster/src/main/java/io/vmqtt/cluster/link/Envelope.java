package io.vmqtt.cluster.link;

import org.jspecify.annotations.Nullable;

/**
 * What a batch of a link carries beside its frames.
 *
 * @param hello in the first batch of a stream only
 * @param sequence number of the batch in its stream, or 0 if it carries no frames
 * @param acknowledged every batch of the other side up to this number has been processed
 * @param sentAtMillis when it left, by its sender's clock: milliseconds since it opened the stream
 * @param heardMillis the latest {@code sentAtMillis} that came from the other side
 */
public record Envelope(
    @Nullable Peer hello, long sequence, long acknowledged, long sentAtMillis, long heardMillis) {}
