package io.vmqtt.cluster.discovery;

import java.io.IOException;
import java.util.List;

/** Who belongs to the cluster, the ill included: what people ask, while processes watch. */
public interface Membership {

  /**
   * Everybody who is known at this moment, by role and id.
   *
   * @throws IOException if the source of knowledge is out of reach
   */
  List<Member> members() throws IOException;
}
