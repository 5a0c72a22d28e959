package io.vmqtt.cluster.facts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The earlier versions of a kind of fact, as a fact beside it: {@code
 * {"format":1,"version":1764150000000,"earlier":["...",...]}}, each as it stood in Consul itself.
 *
 * @param of the kind whose versions they are
 */
public record EarlierKind<T extends FromFile<T>>(AuthoredKind<T> of)
    implements AuthoredKind<Earlier<T>> {
  private static final String EARLIER = "earlier";

  @Override
  public String key() {
    return of.key() + "-history";
  }

  /**
   * As many of them as Consul takes.
   *
   * @param mostCharacters of their text
   */
  public Earlier<T> withinLimit(Earlier<T> all, int mostCharacters) {
    Earlier<T> kept = all;
    while (!kept.all().isEmpty() && write(kept).length() > mostCharacters) {
      kept = kept.withoutLast();
    }
    return kept;
  }

  @Override
  public String write(Earlier<T> fact) {
    ObjectNode said = FactJson.nothing();
    ArrayNode all = said.putArray(EARLIER);
    fact.all().forEach(one -> all.add(of.write(one)));
    return FactJson.write(fact.version(), null, said);
  }

  @Override
  public Earlier<T> read(String text) throws IOException {
    FactJson.Said said = FactJson.read(text, "earlier " + of.key());
    List<T> all = new ArrayList<>();
    for (JsonNode one : said.fields().path(EARLIER)) {
      all.add(of.read(one.asText()));
    }
    return new Earlier<>(said.version(), all);
  }
}
