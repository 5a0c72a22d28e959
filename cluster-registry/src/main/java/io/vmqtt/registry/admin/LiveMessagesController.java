package io.vmqtt.registry.admin;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.sse.Event;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.vmqtt.cluster.operation.MessageQuery;
import io.vmqtt.cluster.operators.Operator;
import io.vmqtt.cluster.operators.OperatorRole;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code GET /api/v1/messages}: messages as they are published, as Server-Sent Events. */
@Controller("/api/v1/messages")
final class LiveMessagesController {
  private final LiveMessages messages;
  private final Gatekeeper gatekeeper;

  LiveMessagesController(LiveMessages messages, Gatekeeper gatekeeper) {
    this.messages = messages;
    this.gatekeeper = gatekeeper;
  }

  /**
   * Tells what is published under some filters, anywhere in the cluster, until who listens goes.
   * The events are named {@code subscribed} (the first one: the subscriptions are in force on every
   * node), {@code message}, {@code left-out}, {@code gap} and {@code alive}; the data of each is an
   * object.
   *
   * @param filter of topics; may be said up to 100 times
   * @param qos the highest at which messages come, 0 to 2
   * @param retained whether what is retained under the filters comes first
   * @param namespace empty, or left out: the nameless one
   * @param payloads whether what messages say is wanted
   */
  @Get(produces = MediaType.TEXT_EVENT_STREAM, headRoute = false)
  @RequiresRole(OperatorRole.OPERATOR)
  @ApiResponse(
      responseCode = "200",
      description = "Events, until who listens goes",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM,
              schema = @Schema(implementation = String.class)))
  Mono<HttpResponse<Flux<Event<?>>>> subscribe(
      HttpRequest<?> request,
      @QueryValue List<String> filter,
      @QueryValue(defaultValue = "0") int qos,
      @Nullable @QueryValue String retained,
      @Nullable @QueryValue String namespace,
      @Nullable @QueryValue String payloads) {
    boolean withRetained = Boolean.TRUE.equals(Asking.flag("retained", retained, false));
    boolean withPayloads = Boolean.TRUE.equals(Asking.flag("payloads", payloads, true));
    String within = Asking.one(request, namespace).name();
    if (qos < 0 || qos > 2) {
      throw Problem.badRequest("qos: is 0, 1 or 2");
    }
    // As they were said: where there is one, what is bound was taken apart at commas.
    List<String> filters = filter.isEmpty() ? filter : request.getParameters().getAll("filter");
    MessageQuery query =
        Problem.inBadRequest(
            "filter", () -> new MessageQuery(within, filters, qos, withRetained, withPayloads));
    Operator operator = Asking.of(request);
    return messages
        .listen(query, () -> gatekeeper.isStill(operator))
        .map(told -> HttpResponse.ok(told.map(LiveMessagesController::event)));
  }

  private static Event<?> event(MessageFeed.Told told) {
    return switch (told) {
      case MessageFeed.Subscribed subscribed -> Event.of(subscribed).name("subscribed");
      case MessageFeed.Message message -> Event.of(message.message()).name("message");
      case MessageFeed.LeftOut leftOut -> Event.of(leftOut).name("left-out");
      case MessageFeed.Gap gap -> Event.of(gap).name("gap");
      case MessageFeed.Alive() -> Event.of(Map.of()).name("alive");
    };
  }
}
