package io.vmqtt.gateway.spans;

import io.vmqtt.model.TopicFilter;
import java.net.URI;
import java.util.List;

/**
 * Which messages become traces, and who is told of them.
 *
 * @param endpoint where OTLP is taken by HTTP, with its path
 * @param sample of messages that no trace of their publisher's is about, what part; 0 to 1
 * @param topics those whose topic matches one of these, too
 */
public record SpanTerms(URI endpoint, double sample, List<TopicFilter> topics) {
  public SpanTerms {
    topics = List.copyOf(topics);
    if (!(sample >= 0 && sample <= 1)) {
      throw new IllegalArgumentException("is 0 to 1, not " + sample);
    }
  }
}
