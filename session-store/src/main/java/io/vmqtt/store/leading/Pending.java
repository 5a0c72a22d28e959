package io.vmqtt.store.leading;

import io.vmqtt.proto.session.v1.Mark;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.storage.v1.LoggedCommand;
import io.vmqtt.store.session.Command;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way into the log.
 *
 * @param command what it is
 * @param logged the same for the log
 * @param origin who gets the answer; null: nobody
 * @param canWait whether nothing happens any sooner for it: it may wait for others to share a log
 *     entry with
 */
public record Pending(
    Command command, LoggedCommand logged, @Nullable Origin origin, boolean canWait) {

  /** One that something waits for. */
  public Pending(Command command, LoggedCommand logged, @Nullable Origin origin) {
    this(command, logged, origin, false);
  }

  /** Where an answer goes. */
  public sealed interface Origin {
    RouterPort port();
  }

  /** A request; correlation 0 wants no answer. */
  public record Request(RouterPort port, long correlation) implements Origin {}

  /** Messages for a queue; the answer says when they were taken in. */
  public record Enqueue(RouterPort port, long correlation, Mark mark) implements Origin {}

  /** A read, which is to see everything that is before it. */
  public record Read(RouterPort port, ShardRequest request) implements Origin {}

  /** A publish; sequence 0 wants no answer. */
  public record Publish(RouterPort port, long sequence) implements Origin {}
}
