package io.vmqtt.gateway.spans;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.UserProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The context of a trace, as a user property carries it (W3C Trace Context). */
final class TraceParent {
  static final String NAME = "traceparent";

  private static final W3CTraceContextPropagator FORM = W3CTraceContextPropagator.getInstance();
  private static final TextMapGetter<List<UserProperty>> BY_NAME = TraceParent::find;

  private TraceParent() {}

  private static @Nullable String find(@Nullable List<UserProperty> properties, String name) {
    if (properties != null) {
      for (UserProperty one : properties) {
        if (one.name().equals(name)) {
          return one.value();
        }
      }
    }
    return null;
  }

  /** Of a message; without a span where it has none, or none that can be read. */
  static Context of(Message message) {
    List<UserProperty> properties = message.properties().userProperties();
    return properties.isEmpty()
        ? Context.root()
        : FORM.extract(Context.root(), properties, BY_NAME);
  }

  /**
   * The message with that of a context in place of its own, and behind all others if it had none.
   */
  static Message in(Message message, Context context) {
    List<UserProperty> properties = new ArrayList<>(message.properties().userProperties());
    FORM.inject(context, properties, TraceParent::set);
    MessageProperties before = message.properties();
    return new Message(
        message.topic(),
        message.payload(),
        message.qos(),
        message.retain(),
        new MessageProperties(
            before.payloadFormat(),
            before.contentType(),
            before.responseTopic(),
            before.correlationData(),
            properties),
        message.expiresAtMillis(),
        message.publisher(),
        message.policy());
  }

  private static void set(@Nullable List<UserProperty> properties, String name, String value) {
    if (properties == null || !name.equals(NAME)) {
      return; // what else the publisher says of its trace is handed on as it is
    }
    UserProperty mine = new UserProperty(NAME, value);
    for (int i = 0; i < properties.size(); i++) {
      if (properties.get(i).name().equals(NAME)) {
        properties.set(i, mine);
        return;
      }
    }
    properties.add(mine);
  }
}
