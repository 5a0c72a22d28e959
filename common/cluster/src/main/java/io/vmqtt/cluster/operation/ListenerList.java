package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of a gateway.
 *
 * @param listeners those that are there, by name
 * @param failures those that are not there, or not as they are wanted
 * @param file where listeners beside the default one are said; null: only where it was started
 * @param complaint why that file as it is now is of no use, so that the one before holds; null: it
 *     is of use
 */
@JsonInclude
public record ListenerList(
    List<ListenerInfo> listeners,
    List<Failure> failures,
    @Nullable String file,
    @Nullable String complaint) {
  public ListenerList {
    listeners = List.copyOf(listeners);
    failures = List.copyOf(failures);
  }

  /**
   * One that is not as it is wanted.
   *
   * @param listener its name
   * @param why for people
   */
  public record Failure(String listener, String why) {}
}
