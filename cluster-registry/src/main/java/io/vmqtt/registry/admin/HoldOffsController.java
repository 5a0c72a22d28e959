package io.vmqtt.registry.admin;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.operation.GatewayOperations;
import io.vmqtt.cluster.operation.HeldOffInfo;
import io.vmqtt.cluster.operation.HeldOffName;
import io.vmqtt.cluster.operation.HeldOffPage;
import io.vmqtt.cluster.operation.HeldOffQuery;
import io.vmqtt.cluster.operators.OperatorRole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/hold-offs}: who is refused for a while, as gateways have found. */
@Controller("/api/v1/hold-offs")
@ExecuteOn(TaskExecutors.BLOCKING)
final class HoldOffsController {
  private static final int NAMES = 4;
  private static final Page.Reading<HeldOffInfo, HeldOffName> BY_NAME =
      new Page.Reading<>(
          HeldOffInfo::who,
          Comparator.naturalOrder(),
          who -> Cursor.of(who.kind(), who.from(), who.namespace(), who.name()));

  private final KnownNodes known;
  private final Nodes nodes;

  HoldOffsController(KnownNodes known, Nodes nodes) {
    this.known = known;
    this.nodes = nodes;
  }

  /**
   * Lists who is held off now, by whichever gateway, a page at a time.
   *
   * @param limit at most so many, of 1 to 10,000
   * @param cursor where the page before ended
   */
  @Get
  @RequiresRole(OperatorRole.VIEWER)
  Page<HeldOffInfo> list(
      HttpRequest<?> request,
      @QueryValue(defaultValue = "100") int limit,
      @Nullable @QueryValue String cursor)
      throws InterruptedException {
    Asking.requireWhole(request);
    HeldOffName after = after(cursor);
    HeldOffQuery query = Problem.inBadRequest("limit", () -> new HeldOffQuery(after, limit));
    Map<Node, Said<HeldOffPage>> said =
        nodes.ask(known.of(Role.EDGE_GATEWAY), GatewayOperations.HOLD_OFFS, query);
    return merged(Said.answers(said), limit, Missing.of(said));
  }

  /** What most of them know alike, once: the one that lasts longest. */
  static Page<HeldOffInfo> merged(List<HeldOffPage> pages, int limit, List<Missing> missing) {
    List<Page.Part<HeldOffInfo, HeldOffName>> parts = new ArrayList<>();
    Map<HeldOffName, HeldOffInfo> longest = new LinkedHashMap<>();
    for (HeldOffPage page : pages) {
      parts.add(Page.Part.of(page.heldOff(), page.more(), HeldOffInfo::who));
      page.heldOff().forEach(one -> longest.merge(one.who(), one, HoldOffsController::longer));
    }
    List<Page.Part<HeldOffInfo, HeldOffName>> ends =
        parts.stream()
            .map(part -> new Page.Part<>(List.<HeldOffInfo>of(), part.through()))
            .toList();
    List<Page.Part<HeldOffInfo, HeldOffName>> once = new ArrayList<>(ends);
    once.add(new Page.Part<>(List.copyOf(longest.values()), null));
    return Page.merged(once, BY_NAME, limit, missing);
  }

  private static HeldOffInfo longer(HeldOffInfo one, HeldOffInfo other) {
    return Instant.parse(one.until()).isBefore(Instant.parse(other.until())) ? other : one;
  }

  private static @Nullable HeldOffName after(@Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    List<String> names = Cursor.read(cursor, NAMES);
    return new HeldOffName(names.get(0), names.get(1), names.get(2), names.get(3));
  }
}
