package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.access.Authorizer;
import io.vmqtt.model.Message;
import io.vmqtt.model.Subscription;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What would become of a message that a connected client publishes, or that is for it: for people
 * who ask why. Nothing changes by it. Used on the thread of the connection, within one turn.
 */
public final class Prospect {
  private final Terms terms;
  private final Parts parts;

  private Prospect(Terms terms, Parts parts) {
    this.terms = terms;
    this.parts = parts;
  }

  /** That of a connection; null: it is not connected. */
  public static @Nullable Prospect of(Connection connection) {
    Terms terms = connection.terms;
    Parts parts = connection.parts;
    return terms == null || parts == null || !connection.isConnected()
        ? null
        : new Prospect(terms, parts);
  }

  /**
   * Whether the client may publish it; null: somebody would have to be asked.
   *
   * @param message as the client names its topic
   */
  public Authorizer.@Nullable Verdict mayPublish(Message message) {
    return terms.may().verdictOn(message);
  }

  /** Whether a message of a topic may reach the client now. */
  public boolean mayReceive(String topic) {
    return terms.may().mayReceive(topic);
  }

  /** What is subscribed, where that is known here; null: its shard knows. */
  public @Nullable List<Subscription> subscriptions() {
    return switch (parts.session()) {
      case Session.Durable _ -> null;
      case Session.Transient here -> {
        List<Subscription> all = new ArrayList<>();
        here.subscriptions((some, last) -> all.addAll(some));
        yield all;
      }
    };
  }

  /** Whether its socket takes more, and its namespace may be sent more. */
  public boolean takesMore() {
    return terms.client().isWritable() && terms.use().mightSend();
  }
}
