package io.vmqtt.registry.alarms;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of alarms.
 *
 * @param tokenFile whose first line is shown as a bearer token; null: nothing is
 */
public record WebhookTerms(URI url, @Nullable Path tokenFile) {}
