package io.vmqtt.registry.admin;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.server.types.files.StreamedFile;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.operation.DownloadTurns;
import io.vmqtt.cluster.operation.MessageInfo;
import io.vmqtt.cluster.operation.OperationRefusal;
import io.vmqtt.cluster.operation.Publication;
import io.vmqtt.cluster.operation.RetainedQuery;
import io.vmqtt.cluster.operation.RetainedShards;
import io.vmqtt.cluster.operation.StoreOperations;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.model.InvalidTopicFilterException;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.model.TopicName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/retained}: retained messages, and {@code /api/v1/retained.ndjson}, all of them in
 * one answer. They are set and deleted by publishing, so whoever has subscribed hears of it.
 */
@Controller("/api/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
final class RetainedController {
  private static final Page.Reading<MessageInfo, String> BY_TOPIC =
      new Page.Reading<>(MessageInfo::topic, RetainedController::compare, Cursor::of);

  private static final int EXPORTS_AT_ONCE = 2;
  private static final int EXPORTED_AT_ONCE = 1_000;

  private final SessionStores stores;
  private final Publisher publisher;
  private final DownloadTurns exports =
      new DownloadTurns(
          EXPORTS_AT_ONCE, "too many exports pass through this registry", System::nanoTime);

  RetainedController(SessionStores stores, Publisher publisher) {
    this.stores = stores;
    this.publisher = publisher;
  }

  /**
   * Lists retained messages in the order of the bytes of their topics, a page at a time.
   *
   * @param filter of topics; all if left out
   * @param namespace empty, or left out: the nameless one
   * @param payloads whether what they say is wanted, which takes the role of an operator
   * @param limit at most so many, of 1 to 10,000
   * @param cursor where the page before ended
   */
  @Get("/retained")
  @RequiresRole(OperatorRole.VIEWER)
  Page<MessageInfo> list(
      HttpRequest<?> request,
      @QueryValue(defaultValue = "#") String filter,
      @Nullable @QueryValue String namespace,
      @Nullable @QueryValue String payloads,
      @QueryValue(defaultValue = "100") int limit,
      @Nullable @QueryValue String cursor)
      throws InterruptedException {
    boolean withPayloads = Boolean.TRUE.equals(Asking.flag("payloads", payloads, false));
    if (withPayloads && !OperatorRole.OPERATOR.isWithin(Asking.of(request).role())) {
      throw Problem.forbidden("payloads: what messages say is for operators");
    }
    requireFilter(filter);
    return page(Asking.one(request, namespace).name(), filter, cursor, limit, withPayloads);
  }

  private Page<MessageInfo> page(
      String namespace, String filter, @Nullable String cursor, int limit, boolean withPayloads)
      throws InterruptedException {
    String after = cursor == null ? "" : Cursor.read(cursor, 1).getFirst();
    RetainedQuery query =
        Problem.inBadRequest(
            "limit", () -> new RetainedQuery(namespace, filter, after, limit, withPayloads));
    Map<Node, Said<RetainedShards>> said = stores.all(StoreOperations.RETAINED, query);
    List<Page.Part<MessageInfo, String>> parts = new ArrayList<>();
    List<Integer> answered = new ArrayList<>();
    for (Said<RetainedShards> one : said.values()) {
      if (one instanceof Said.Answer<RetainedShards>(RetainedShards led)) {
        for (RetainedShards.OfShard shard : led.shards()) {
          parts.add(
              new Page.Part<>(
                  shard.messages(), shard.through().isEmpty() ? null : shard.through()));
          answered.add(shard.shard());
        }
      }
    }
    return Page.merged(parts, BY_TOPIC, limit, stores.missing(said, answered));
  }

  /**
   * Tells what is retained of one topic.
   *
   * @param topic in the path, encoded: {@code plant%2Fa}
   * @param payloads whether what it says is wanted; as the role allows if left out
   */
  @Get("/retained/{topic}")
  @RequiresRole(OperatorRole.VIEWER)
  @MayRefuse(404)
  MessageInfo one(
      HttpRequest<?> request,
      @PathVariable String topic,
      @Nullable @QueryValue String namespace,
      @Nullable @QueryValue String payloads)
      throws InterruptedException {
    boolean mayRead = OperatorRole.OPERATOR.isWithin(Asking.of(request).role());
    boolean withPayload = Boolean.TRUE.equals(Asking.flag("payloads", payloads, mayRead));
    if (withPayload && !mayRead) {
      throw Problem.forbidden("payloads: what messages say is for operators");
    }
    return find(Asking.one(request, namespace).name(), topic, withPayload);
  }

  private MessageInfo find(String namespace, String topic, boolean withPayload)
      throws InterruptedException {
    requireTopic(topic);
    Page<MessageInfo> page = page(namespace, topic, null, 1, withPayload);
    if (page.items().isEmpty()) {
      if (!page.missing().isEmpty()) {
        Missing first = page.missing().getFirst();
        throw Problem.unavailable(first.node() + ": " + first.why());
      }
      throw Problem.notFound("nothing is retained of the topic '" + topic + "'");
    }
    return page.items().getFirst();
  }

  private static void requireTopic(String topic) {
    if (!TopicName.isValid(topic)) {
      throw Problem.badRequest("topic: '" + topic + "' is no name of a topic");
    }
    requireFilter(topic);
  }

  /**
   * What is to be retained.
   *
   * @param payload as text; it must not be empty: that would delete
   * @param payloadBase64 the same for what is no text
   * @param qos 0 to 2; 1 if left out
   * @param expirySeconds message expiry interval
   */
  record Wanted(
      @Nullable String payload,
      @Nullable String payloadBase64,
      @Nullable Integer qos,
      @Nullable Long expirySeconds,
      @Nullable String contentType,
      @Nullable String responseTopic) {}

  /**
   * Sets what is retained of one topic, by publishing it; it is answered as it is kept, or, where
   * nobody says how that is, as it was published.
   */
  @Put("/retained/{topic}")
  @RequiresRole(OperatorRole.OPERATOR)
  @MayRefuse(409)
  MessageInfo set(
      HttpRequest<?> request,
      @PathVariable String topic,
      @Nullable @QueryValue String namespace,
      @Body Wanted wanted)
      throws InterruptedException {
    requireTopic(topic);
    Publication.OneMessage message =
        MessagesController.message(
            new MessagesController.Wanted(
                topic,
                wanted.payload(),
                wanted.payloadBase64(),
                wanted.qos(),
                true,
                wanted.expirySeconds(),
                wanted.contentType(),
                wanted.responseTopic(),
                null),
            "message");
    if (message.payload().isEmpty()) {
      throw Problem.badRequest("payload: is needed; DELETE deletes");
    }
    String within = Asking.one(request, namespace).name();
    publish(within, message);
    try {
      return find(within, topic, false);
    } catch (Problem _) { // it was set all the same
      return published(message);
    }
  }

  private static MessageInfo published(Publication.OneMessage message) {
    Long expirySeconds = message.expirySeconds();
    return new MessageInfo(
        message.topic(),
        message.qos(),
        true,
        null,
        Base64.getDecoder().decode(message.payload()).length,
        expirySeconds == null
            ? null
            : Instant.now().truncatedTo(ChronoUnit.MILLIS).plusSeconds(expirySeconds).toString(),
        null,
        null,
        List.of());
  }

  /**
   * Deletes what is retained of one topic, by publishing nothing to it; it is answered as it was.
   */
  @Delete("/retained/{topic}")
  @RequiresRole(OperatorRole.OPERATOR)
  @MayRefuse({404, 409})
  MessageInfo delete(
      HttpRequest<?> request, @PathVariable String topic, @Nullable @QueryValue String namespace)
      throws InterruptedException {
    String within = Asking.one(request, namespace).name();
    MessageInfo deleted = find(within, topic, false);
    publish(within, new Publication.OneMessage(topic, "", 1, true, null, null, null));
    return deleted;
  }

  private void publish(String namespace, Publication.OneMessage message)
      throws InterruptedException {
    ReasonCode reason = ReasonCode.of(publisher.publish(namespace, List.of(message)).getFirst());
    if (reason.isError()) {
      throw Problem.conflict(
          message.topic() + ": refused: " + reason.name().toLowerCase(Locale.ROOT));
    }
  }

  /**
   * Exports all retained messages that match, with what they say: a line of JSON each. It is read a
   * page at a time, as fast as it is taken; where somebody does not answer, it ends without its
   * end.
   *
   * @param filter of topics; all if left out
   * @param namespace empty, or left out: the nameless one
   */
  @Get("/retained.ndjson")
  @RequiresRole(OperatorRole.OPERATOR)
  @ApiResponse(
      responseCode = "200",
      description = "Lines of JSON, each of them a message",
      content =
          @Content(
              mediaType = "application/x-ndjson",
              schema = @Schema(implementation = StreamedFile.class)))
  HttpResponse<StreamedFile> export(
      HttpRequest<?> request,
      @QueryValue(defaultValue = "#") String filter,
      @Nullable @QueryValue String namespace)
      throws InterruptedException {
    requireFilter(filter);
    String within = Asking.one(request, namespace).name();
    DownloadTurns.Turn turn = turn();
    try {
      RetainedExport export =
          RetainedExport.begin(cursor -> page(within, filter, cursor, EXPORTED_AT_ONCE, true));
      return HttpResponse.ok(
              new StreamedFile(turn.holds(export), MediaType.of("application/x-ndjson"))
                  .attach("retained.ndjson"))
          .header(HttpHeaders.CACHE_CONTROL, "no-store");
    } catch (RuntimeException | InterruptedException e) {
      turn.close();
      throw e;
    }
  }

  private DownloadTurns.Turn turn() {
    try {
      return exports.take();
    } catch (OperationRefusal e) {
      throw Problem.tooMany(String.valueOf(e.getMessage()));
    }
  }

  private static void requireFilter(String text) {
    try {
      if (TopicFilter.parse(text).shareGroup() != null) {
        throw Problem.badRequest("filter: what is retained is of no share group");
      }
    } catch (InvalidTopicFilterException e) {
      throw Problem.badRequest("filter: " + e.getMessage());
    }
  }

  /** By code points, which is by the bytes of UTF-8, as shards keep them. */
  private static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char left = a.charAt(i);
      char right = b.charAt(i);
      if (left != right) {
        boolean bothOrNeither = Character.isSurrogate(left) == Character.isSurrogate(right);
        return bothOrNeither ? left - right : Character.isSurrogate(left) ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }
}
