package io.vmqtt.standalone.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much of a long list is asked for. */
final class Paging {
  private static final int PAGE = 1_000;
  private static final String ITEMS = "items";
  private static final String NEXT = "next";

  @Option(
      names = "--limit",
      paramLabel = "COUNT",
      defaultValue = "100",
      description = "At most so many; ${DEFAULT-VALUE} if left out.")
  private int limit;

  @Option(
      names = "--cursor",
      paramLabel = "CURSOR",
      description = "Go on where a list has ended: the \"next\" of its JSON.")
  private @Nullable String cursor;

  /** The items of as many pages as it takes, as one answer. */
  JsonNode read(AdminClient client, String path, Map<String, ?> filters)
      throws IOException, InterruptedException {
    if (limit < 1) {
      throw new IllegalArgumentException("--limit: is at least 1");
    }
    ArrayNode items = AdminClient.JSON.createArrayNode();
    String at = cursor;
    JsonNode page;
    do {
      Map<String, Object> query = new HashMap<>(filters);
      query.put("limit", Math.min(PAGE, limit - items.size()));
      if (at != null) {
        query.put("cursor", at);
      }
      page = client.ask("GET", AdminClient.path(path, query), null);
      page.path(ITEMS).forEach(items::add);
      at = page.path(NEXT).isTextual() ? page.path(NEXT).asText() : null;
    } while (at != null && items.size() < limit);
    ObjectNode all = ((ObjectNode) page).deepCopy();
    all.set(ITEMS, items);
    return all;
  }
}
