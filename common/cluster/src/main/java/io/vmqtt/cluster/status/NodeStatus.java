package io.vmqtt.cluster.status;

import io.vmqtt.cluster.alarms.Finding;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The live figures of this process. A role implements it as a bean. */
public interface NodeStatus {

  /**
   * What the process has to say of itself at this moment, ready for JSON (maps, lists, strings,
   * numbers, booleans). Called from any thread; must not block.
   *
   * <p>A gateway says at least {@code connections} (a number), a store {@code shards} (a list of
   * maps with {@code shard}, a number, and {@code role}, {@code leader} or {@code replica}).
   */
  Map<String, Object> figures();

  /**
   * Whether the process serves what its role is for. It may live, and be found by the others, long
   * before: a gateway is alive without a router, but has to refuse its clients. Called from any
   * thread; must not block.
   */
  default boolean isReady() {
    return true;
  }

  /**
   * Why the process must end, in one line, as what it found out since it was started; null: it need
   * not. Called from any thread; must not block.
   */
  default @Nullable String fault() {
    return null;
  }

  /**
   * What is wrong with it at this moment and wants somebody; see {@link
   * io.vmqtt.cluster.alarms.Alarms}. Asked every few seconds, by any thread; must not block.
   */
  default List<Finding> findings() {
    return List.of();
  }
}
