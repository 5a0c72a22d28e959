package io.vmqtt.store.log;

import java.util.List;

/**
 * The replicas of a shard, this one included.
 *
 * @param replicas all of them, but of a group that has been here before only those that are known
 * @param replicated whether there are others
 * @param joins whether the group may exist without this replica: a new one then has no vote, and
 *     waits until the leader takes it in
 */
public record Group(List<Replica> replicas, boolean replicated, boolean joins) {}
