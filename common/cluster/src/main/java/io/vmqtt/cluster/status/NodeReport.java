package io.vmqtt.cluster.status;

import java.util.Map;

/**
 * The answer of {@code GET /node/status}.
 *
 * @param role the role's service name
 * @param startedAt ISO-8601, UTC
 * @param figures as {@link NodeStatus} gives them
 */
public record NodeReport(
    String id, String role, String version, String startedAt, Map<String, Object> figures) {}
