package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.vmqtt.cluster.operation.Publication;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.Utf8String;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/messages}: publishes. */
@Controller("/api/v1/messages")
@ExecuteOn(TaskExecutors.BLOCKING)
final class MessagesController {
  private static final int HIGHEST_QOS = 2;

  private final Publisher publisher;

  MessagesController(Publisher publisher) {
    this.publisher = publisher;
  }

  /**
   * What is sent.
   *
   * @param namespace empty, or left out: the nameless one
   * @param messages 1 to 1,000, which are published in their order
   */
  record Batch(@Nullable String namespace, @Nullable List<Wanted> messages) {}

  /**
   * One message.
   *
   * @param payload as text; left out with {@code payloadBase64}, or where there is none
   * @param payloadBase64 the same for what is no text
   * @param qos 0 to 2; 1 if left out
   * @param retain whether it is to be retained; without a payload, what was retained is deleted
   * @param expirySeconds message expiry interval
   */
  record Wanted(
      @Nullable String topic,
      @Nullable String payload,
      @Nullable String payloadBase64,
      @Nullable Integer qos,
      @Nullable Boolean retain,
      @Nullable Long expirySeconds,
      @Nullable String contentType,
      @Nullable String responseTopic) {}

  /** What became of each, in their order. */
  @JsonInclude
  record Outcomes(List<Outcome> results) {}

  /**
   * What became of one.
   *
   * @param outcome {@code published}, {@code no-subscribers}, or {@code refused}
   * @param reason the reason code, as in PUBACK
   * @param meaning its name, such as {@code quota-exceeded}
   */
  @JsonInclude
  record Outcome(@Nullable String topic, String outcome, int reason, String meaning) {}

  /** Publishes messages; the answer comes when each of them has an outcome. */
  @Post
  @RequiresRole(OperatorRole.OPERATOR)
  @MayRefuse(409)
  Outcomes publish(HttpRequest<?> request, @Body Batch batch) throws InterruptedException {
    List<Wanted> wanted = batch.messages();
    if (wanted == null || wanted.isEmpty() || wanted.size() > Publication.MOST) {
      throw Problem.badRequest("messages: is needed, a list of 1 to " + Publication.MOST);
    }
    List<Publication.OneMessage> messages = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      messages.add(message(wanted.get(i), "messages[" + i + "]"));
    }
    String namespace = Asking.one(request, batch.namespace()).name();
    return outcomes(messages, publisher.publish(namespace, messages));
  }

  /**
   * What is to be published.
   *
   * @param as what to call it in a complaint
   */
  static Publication.OneMessage message(@Nullable Wanted wanted, String as) {
    if (wanted == null) {
      throw Problem.badRequest(as + ": is null");
    }
    String topic = wanted.topic();
    if (topic == null) {
      throw Problem.badRequest(as + ".topic: is needed");
    }
    int qos = wanted.qos() == null ? 1 : wanted.qos();
    if (qos < 0 || qos > HIGHEST_QOS) {
      throw Problem.badRequest(as + ".qos: " + qos + " is none of 0, 1 and 2");
    }
    Long expirySeconds = wanted.expirySeconds();
    if (expirySeconds != null && (expirySeconds < 1 || expirySeconds > 0xFFFF_FFFFL)) {
      throw Problem.badRequest(as + ".expirySeconds: is 1 to 4294967295");
    }
    String contentType = wanted.contentType();
    if (contentType != null && !Utf8String.isValid(contentType)) {
      throw Problem.badRequest(as + ".contentType: is no string of MQTT");
    }
    return new Publication.OneMessage(
        topic,
        payload(wanted, as),
        qos,
        Boolean.TRUE.equals(wanted.retain()),
        expirySeconds,
        contentType,
        wanted.responseTopic());
  }

  private static String payload(Wanted wanted, String as) {
    String text = wanted.payload();
    String encoded = wanted.payloadBase64();
    if (text != null && encoded != null) {
      throw Problem.badRequest(as + ": has payload and payloadBase64");
    }
    if (encoded == null) {
      return Base64.getEncoder()
          .encodeToString((text == null ? "" : text).getBytes(StandardCharsets.UTF_8));
    }
    var _ =
        Problem.inBadRequest(
            as + ".payloadBase64", () -> Base64.getDecoder().decode(encoded).length);
    return encoded;
  }

  private static Outcomes outcomes(List<Publication.OneMessage> messages, List<Integer> reasons) {
    List<Outcome> results = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      ReasonCode reason = ReasonCode.of(reasons.get(i));
      results.add(
          new Outcome(
              messages.get(i).topic(),
              reason.isError()
                  ? "refused"
                  : reason == ReasonCode.NO_MATCHING_SUBSCRIBERS ? "no-subscribers" : "published",
              reason.value(),
              reason.name().toLowerCase(Locale.ROOT).replace('_', '-')));
    }
    return new Outcomes(results);
  }
}
