package io.vmqtt.gateway.config;

import io.vmqtt.cluster.bans.Network;
import io.vmqtt.cluster.bans.Pardon;
import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionGroup;
import io.vmqtt.cluster.option.OptionType;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.access.bans.HoldOffTerms;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** When a gateway holds off clients that guess, or come and go too often. */
public final class HoldOffOptions {
  private static final OptionGroup GROUP = new OptionGroup("vmqtt.gateway.");
  private static final OptionType<Integer> TIMES = OptionType.count(0, 1_000_000);

  static final Option<Duration> HOLD_OFF =
      GROUP.option(
          "hold-off",
          OptionType.time(Duration.ZERO, Pardon.LONGEST_HOLD_OFF),
          "5m",
          "How long somebody is held off, 0s for nobody");
  static final Option<Duration> WINDOW =
      GROUP.option(
          "hold-off-window",
          OptionType.time(Duration.ofSeconds(1), Duration.ofHours(1)),
          "1m",
          "In which time the following are counted");
  public static final Option<Integer> USER_FAILURES =
      GROUP.option(
          "hold-off-user-failures",
          TIMES,
          "10",
          "Wrong passwords or tokens of a user at one address, after more of which that user is held"
              + " off there; 0 for any number");
  public static final Option<Integer> ADDRESS_FAILURES =
      GROUP.option(
          "hold-off-address-failures",
          TIMES,
          "100",
          "Users with a wrong one at one address, after more of which all of it is held off; 0 for"
              + " any number");
  public static final Option<Integer> CLIENT_CONNECTS =
      GROUP.option(
          "hold-off-client-connects",
          TIMES,
          "0",
          "CONNECTs of a client id at one address, after more of which it is held off there; 0 for"
              + " any number");
  static final Option<String> EXCEPT =
      GROUP.option(
          "hold-off-except",
          OptionType.text("LIST"),
          "127.0.0.0/8,::1",
          "Networks where nobody is held off, with commas between: those of proxies, for example");

  private HoldOffOptions() {}

  static List<Option<?>> all() {
    return GROUP.all();
  }

  /**
   * As the gateway takes it.
   *
   * @throws OptionException if something is set to what cannot be
   */
  public static HoldOffTerms terms(OptionValues values) {
    return new HoldOffTerms(
        values.get(HOLD_OFF),
        values.get(WINDOW),
        values.get(USER_FAILURES),
        values.get(ADDRESS_FAILURES),
        values.get(CLIENT_CONNECTS),
        networks(values.get(EXCEPT)));
  }

  private static List<Network> networks(String list) {
    try {
      return Stream.of(list.split(",", -1))
          .map(String::strip)
          .filter(one -> !one.isEmpty())
          .map(Network::of)
          .toList();
    } catch (IllegalArgumentException e) {
      throw new OptionException(EXCEPT.property() + ": " + e.getMessage());
    }
  }
}
