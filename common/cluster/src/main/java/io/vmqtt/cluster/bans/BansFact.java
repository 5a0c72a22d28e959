package io.vmqtt.cluster.bans;

import io.vmqtt.cluster.facts.AuthoredKind;
import java.io.IOException;

/** The bans as a fact of the cluster. */
public enum BansFact implements AuthoredKind<Bans> {
  BANS;

  @Override
  public String key() {
    return "bans";
  }

  @Override
  public String write(Bans bans) {
    return BansJson.write(bans);
  }

  @Override
  public Bans read(String text) throws IOException {
    return BansJson.read(text);
  }
}
