package io.vmqtt.cluster.status;

import io.vmqtt.cluster.alarms.AlarmReport;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code GET /node/status}.
 *
 * @param role the role's service name
 * @param startedAt ISO-8601, UTC
 * @param figures as {@link NodeStatus} gives them
 * @param alarms those of its process that are active; null: it is of a version without any
 * @param clock what its clock says, in milliseconds since 1970; 0: it does not say
 */
public record NodeReport(
    String id,
    String role,
    String version,
    String startedAt,
    Map<String, Object> figures,
    @Nullable List<AlarmReport> alarms,
    long clock) {}
