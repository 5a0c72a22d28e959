package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.vmqtt.cluster.operation.DirectedMessages;
import io.vmqtt.cluster.operation.Publication;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.model.ClientId;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.Utf8String;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/messages}: publishes. */
@Controller("/api/v1/messages")
@ExecuteOn(TaskExecutors.BLOCKING)
final class MessagesController {
  private static final int HIGHEST_QOS = 2;

  /** What a message for all counts as. */
  private static final List<String> ONE = List.of("");

  private final Publisher publisher;
  private final DirectedPublisher directed;

  MessagesController(Publisher publisher, DirectedPublisher directed) {
    this.publisher = publisher;
    this.directed = directed;
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
   * @param clients client ids of those that get it, each if it has subscribed to the topic, and
   *     nobody else; left out: whoever has subscribed
   */
  record Wanted(
      @Nullable String topic,
      @Nullable String payload,
      @Nullable String payloadBase64,
      @Nullable Integer qos,
      @Nullable Boolean retain,
      @Nullable Long expirySeconds,
      @Nullable String contentType,
      @Nullable String responseTopic,
      @Nullable List<String> clients) {}

  /** What became of each, in their order. */
  @JsonInclude
  record Outcomes(List<Outcome> results) {}

  /**
   * What became of one.
   *
   * @param outcome {@code published}, {@code no-subscribers}, or {@code refused}; {@code directed}
   *     where {@code clients} says what became of it
   * @param reason the reason code, as in PUBACK
   * @param meaning its name, such as {@code quota-exceeded}
   * @param clients of a message for clients that it named, in their order
   */
  @JsonInclude
  record Outcome(
      @Nullable String topic, String outcome, int reason, String meaning, List<OfClient> clients) {

    static Outcome of(String topic, String outcome, ReasonCode reason, List<OfClient> clients) {
      return new Outcome(topic, outcome, reason.value(), nameOf(reason), clients);
    }
  }

  /**
   * What became of one message for one client.
   *
   * @param outcome {@code delivered}, {@code queued}, {@code sent}, {@code offline}, {@code
   *     unknown}, {@code no-subscription}, {@code refused}, or {@code unanswered}: it may have it,
   *     or not
   * @param reason why it was refused, as in PUBACK; else 0
   * @param meaning its name, such as {@code quota-exceeded}; null: it was not refused
   */
  @JsonInclude
  record OfClient(String clientId, String outcome, int reason, @Nullable String meaning) {
    static OfClient of(String clientId, String outcome, int reason) {
      String meaning = reason == 0 ? null : nameOf(ReasonCode.of(reason));
      return new OfClient(clientId, outcome, reason, meaning);
    }
  }

  private static String nameOf(ReasonCode reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Publishes messages; the answer comes when each of them has an outcome.
   *
   * <p>Messages that name clients are for those alone, and follow when the others are published. A
   * message for each of so many clients counts as so many.
   */
  @Post
  @RequiresRole(OperatorRole.OPERATOR)
  @MayRefuse(409)
  Outcomes publish(HttpRequest<?> request, @Body Batch batch) throws InterruptedException {
    List<Wanted> wanted = batch.messages();
    if (wanted == null || wanted.isEmpty() || wanted.size() > Publication.MOST) {
      throw Problem.badRequest("messages: is needed, a list of 1 to " + Publication.MOST);
    }
    List<Publication.OneMessage> messages = new ArrayList<>();
    int count = 0;
    for (int i = 0; i < wanted.size(); i++) {
      messages.add(message(wanted.get(i), "messages[" + i + "]"));
      count += clients(wanted.get(i), "messages[" + i + "]").orElse(ONE).size();
    }
    if (count > Publication.MOST) {
      throw Problem.badRequest(
          "messages: " + count + " with one for each client, at most " + Publication.MOST);
    }
    String namespace = Asking.one(request, batch.namespace()).name();
    return outcomes(namespace, wanted, messages);
  }

  private Outcomes outcomes(
      String namespace, List<Wanted> wanted, List<Publication.OneMessage> messages)
      throws InterruptedException {
    List<Publication.OneMessage> forAll = new ArrayList<>();
    List<DirectedMessages.Direction> to = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      List<String> clients = wanted.get(i).clients();
      if (clients == null) {
        forAll.add(messages.get(i));
      } else {
        for (String client : clients) {
          to.add(new DirectedMessages.Direction(to.size(), i, client));
        }
      }
    }
    Iterator<Integer> reasons =
        forAll.isEmpty()
            ? Collections.emptyIterator()
            : publisher.publish(namespace, forAll).iterator();
    Iterator<OfClient> ofClients =
        to.isEmpty()
            ? Collections.emptyIterator()
            : directed.deliver(new DirectedMessages(namespace, messages, to)).iterator();
    List<Outcome> results = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      String topic = messages.get(i).topic();
      List<String> clients = wanted.get(i).clients();
      if (clients == null) {
        results.add(published(topic, ReasonCode.of(reasons.next())));
      } else {
        results.add(
            Outcome.of(
                topic,
                "directed",
                ReasonCode.SUCCESS,
                clients.stream().map(client -> ofClients.next()).toList()));
      }
    }
    return new Outcomes(results);
  }

  private static Outcome published(String topic, ReasonCode reason) {
    return Outcome.of(
        topic,
        reason.isError()
            ? "refused"
            : reason == ReasonCode.NO_MATCHING_SUBSCRIBERS ? "no-subscribers" : "published",
        reason,
        List.of());
  }

  /** Those that a message is for; empty: it is for all. */
  private static Optional<List<String>> clients(Wanted wanted, String as) {
    List<String> clients = wanted.clients();
    if (clients == null) {
      return Optional.empty();
    }
    if (clients.isEmpty()
        || clients.stream().anyMatch(Objects::isNull)
        || !clients.stream().allMatch(ClientId::isValid)) {
      throw Problem.badRequest(as + ".clients: is a list of client ids, or left out");
    }
    if (Boolean.TRUE.equals(wanted.retain())) {
      throw Problem.badRequest(as + ".retain: what is for some clients alone is not retained");
    }
    return Optional.of(clients);
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
}
