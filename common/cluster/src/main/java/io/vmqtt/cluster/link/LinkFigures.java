package io.vmqtt.cluster.link;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A link that is up, as the process at one end of it sees it.
 *
 * @param kind which roles it joins, that of the process first, such as {@code gateway-router}
 * @param peer the id of the node at the other end
 * @param roundTripMicros from sending the batch that was acknowledged last until then, with the
 *     time that the other end took to be done with it; null: none was acknowledged yet
 * @param unsentBytes what waits to be sent
 * @param congested whether so much waits that senders hold back
 */
@JsonInclude
public record LinkFigures(
    String kind,
    String peer,
    @Nullable Long roundTripMicros,
    long unsentBytes,
    boolean congested) {}
