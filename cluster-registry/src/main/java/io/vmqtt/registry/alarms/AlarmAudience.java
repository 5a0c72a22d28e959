package io.vmqtt.registry.alarms;

import io.vmqtt.cluster.alarms.AlarmEvent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who is told of alarms, if anybody. */
public final class AlarmAudience implements Consumer<AlarmEvent>, AutoCloseable {
  private final @Nullable Webhook webhook;

  /**
   * @param webhook is closed with this; null: nobody is told
   */
  public AlarmAudience(@Nullable Webhook webhook) {
    this.webhook = webhook;
  }

  @Override
  public void accept(AlarmEvent event) {
    Webhook one = webhook;
    if (one != null) {
      one.accept(event);
    }
  }

  @Override
  public void close() {
    if (webhook != null) {
      webhook.close();
    }
  }
}
