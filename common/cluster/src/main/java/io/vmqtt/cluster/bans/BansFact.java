package io.vmqtt.cluster.bans;

import io.vmqtt.cluster.facts.FactKind;
import java.io.IOException;

/** The bans as a fact of the cluster. */
public enum BansFact implements FactKind<Bans> {
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

  @Override
  public boolean isLater(Bans bans, Bans known) {
    return bans.version() > known.version();
  }

  @Override
  public String versionOf(Bans bans) {
    return "version " + bans.version();
  }
}
