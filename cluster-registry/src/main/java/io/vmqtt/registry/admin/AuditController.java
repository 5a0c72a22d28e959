package io.vmqtt.registry.admin;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.operation.Deed;
import io.vmqtt.cluster.operation.DeedPage;
import io.vmqtt.cluster.operation.DeedPlace;
import io.vmqtt.cluster.operation.DeedQuery;
import io.vmqtt.cluster.operation.RegistryOperations;
import io.vmqtt.cluster.operators.OperatorRole;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/audit}: what operators did, by way of whichever registry. */
@Controller(AuditController.PATH)
@ExecuteOn(TaskExecutors.BLOCKING)
final class AuditController {
  static final String PATH = "/api/v1/audit";

  private static final int NAMES = 3;
  private static final Page.Reading<Deed, DeedPlace> LATEST_FIRST =
      new Page.Reading<>(
          Deed::place,
          Comparator.naturalOrder(),
          place -> Cursor.of(place.time(), place.registry(), Long.toString(place.number())));

  private final KnownNodes known;
  private final Nodes nodes;

  AuditController(KnownNodes known, Nodes nodes) {
    this.known = known;
    this.nodes = nodes;
  }

  /**
   * Lists what operators did, the latest first, a page at a time: of each registry that runs, the
   * latest 10,000 since its start.
   *
   * @param operator whose; {@code *} in it stands for any characters
   * @param limit at most so many, of 1 to 10,000
   * @param cursor where the page before ended
   */
  @Get
  @RequiresRole(OperatorRole.ADMIN)
  Page<Deed> list(
      HttpRequest<?> request,
      @Nullable @QueryValue String operator,
      @QueryValue(defaultValue = "100") int limit,
      @Nullable @QueryValue String cursor)
      throws InterruptedException {
    Asking.requireWhole(request);
    DeedPlace after = after(cursor);
    DeedQuery query = Problem.inBadRequest("limit", () -> new DeedQuery(operator, after, limit));
    Map<Node, Said<DeedPage>> said =
        nodes.ask(known.of(Role.CLUSTER_REGISTRY), RegistryOperations.DEEDS, query);
    List<Page.Part<Deed, DeedPlace>> parts =
        Said.answers(said).stream()
            .map(page -> Page.Part.of(page.deeds(), page.more(), Deed::place))
            .toList();
    return Page.merged(parts, LATEST_FIRST, limit, Missing.of(said));
  }

  private static @Nullable DeedPlace after(@Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    List<String> names = Cursor.read(cursor, NAMES);
    try {
      return new DeedPlace(names.get(0), names.get(1), Long.parseLong(names.get(2)));
    } catch (DateTimeParseException | NumberFormatException _) {
      throw Problem.badRequest("cursor: '" + cursor + "' is of another list");
    }
  }
}
