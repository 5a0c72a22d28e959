package io.vmqtt.cluster.alarms;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong at this moment, as whoever looked found it.
 *
 * @param node whose it is; empty: that of whoever looked
 * @param about what of that, such as {@code shard 3}
 * @param text one line for people; never a secret
 * @param raises whether it is bad enough to raise an alarm; else it only keeps one that is there,
 *     so that what goes to and fro around a threshold is one alarm and not many
 * @param since for how long, where the node itself has raised the alarm: nobody waits again then;
 *     null: nobody has yet
 */
public record Finding(
    AlarmKind kind,
    String node,
    String about,
    Severity severity,
    String text,
    boolean raises,
    @Nullable Instant since) {

  /** About whoever looked. */
  public static Finding own(AlarmKind kind, String about, Severity severity, String text) {
    return new Finding(kind, "", about, severity, text, true, null);
  }

  /** About a node. */
  public static Finding of(
      AlarmKind kind, String node, String about, Severity severity, String text) {
    return new Finding(kind, node, about, severity, text, true, null);
  }

  /** The same, which keeps an alarm and raises none. */
  public Finding keeping() {
    return new Finding(kind, node, about, severity, text, false, since);
  }

  /** What an alarm is known by. */
  String key() {
    return kind.label() + '/' + node + '/' + about;
  }
}
