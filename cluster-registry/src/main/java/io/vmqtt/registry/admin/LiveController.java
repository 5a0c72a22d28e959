package io.vmqtt.registry.admin;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.sse.Event;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.registry.admin.LiveChanges.Change;
import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** {@code /api/v1/changes}: what changes in the cluster, as Server-Sent Events. */
@Controller("/api/v1/changes")
final class LiveController {
  /** An empty event now and then, lest what is between takes silence for the end. */
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);

  private final LiveChanges changes;

  LiveController(LiveChanges changes) {
    this.changes = changes;
  }

  /**
   * Tells what there is, and then what changes, until who listens goes. The name of each event is
   * its kind; its data is an object.
   */
  @Get(produces = MediaType.TEXT_EVENT_STREAM, headRoute = false)
  @RequiresRole(OperatorRole.VIEWER)
  @ApiResponse(
      responseCode = "200",
      description = "Events, until who listens goes",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM,
              schema = @Schema(implementation = String.class)))
  Publisher<Event<?>> listen(HttpRequest<?> request) {
    Asking.requireWhole(request);
    Flux<Event<?>> alive = Flux.interval(SIGN_OF_LIFE).map(_ -> Event.of("").name("alive"));
    return changes
        .listen()
        .publish(
            told ->
                Flux.merge(
                    told.map(LiveController::event), alive.takeUntilOther(told.ignoreElements())));
  }

  private static Event<?> event(Change change) {
    return Event.of(change).name(change.kind());
  }
}
