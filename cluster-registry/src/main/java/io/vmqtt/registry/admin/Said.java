package io.vmqtt.registry.admin;

import io.vmqtt.cluster.discovery.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What one node says to a question. */
public sealed interface Said<A> {

  /** What those say who answer. */
  static <A> List<A> answers(Map<Node, Said<A>> said) {
    List<A> answers = new ArrayList<>();
    for (Said<A> one : said.values()) {
      if (one instanceof Said.Answer<A>(A content)) {
        answers.add(content);
      }
    }
    return answers;
  }

  /** An answer. */
  record Answer<A>(A content) implements Said<A> {}

  /**
   * None.
   *
   * @param why for people
   */
  record Nothing<A>(String why) implements Said<A> {}

  /**
   * It does not do that, for now.
   *
   * @param why for people
   */
  record Refused<A>(String why) implements Said<A> {}
}
