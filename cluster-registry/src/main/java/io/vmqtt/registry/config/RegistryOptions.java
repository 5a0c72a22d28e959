package io.vmqtt.registry.config;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionGroup;
import io.vmqtt.cluster.option.OptionType;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.registry.access.AccessFile;
import io.vmqtt.registry.alarms.WebhookTerms;
import io.vmqtt.registry.bans.BansFile;
import io.vmqtt.registry.files.FactFile;
import io.vmqtt.registry.namespaces.NamespacesFile;
import io.vmqtt.registry.operators.OperatorsFile;
import io.vmqtt.registry.placement.PlacementPlan;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operator can set for a registry. */
public final class RegistryOptions {
  private static final OptionGroup GROUP = new OptionGroup("vmqtt.registry.");

  public static final Option<Integer> SHARDS =
      GROUP.option(
          "shards",
          OptionType.count(1, PlacementPlan.MOST_SHARDS),
          "8",
          "Shards of a new cluster, fixed from then on");
  static final Option<Integer> REPLICATION_FACTOR =
      GROUP
          .ofClusters()
          .option(
              "replication-factor",
              OptionType.count(1, PlacementPlan.MOST_REPLICAS),
              "1",
              "Stores that hold each shard of a new cluster");
  static final Option<Integer> INITIAL_STORES =
      GROUP
          .ofClusters()
          .option(
              "initial-stores",
              OptionType.count(1, PlacementPlan.MOST_STORES),
              "1",
              "Stores that must be healthy before a new cluster places its shards");
  static final Option<Boolean> NEW_CLUSTER =
      GROUP
          .ofClusters()
          .option(
              "new-cluster",
              OptionType.flag(),
              "false",
              "Make a new cluster although stores remember another one, if none that is here holds"
                  + " any of its shards");
  static final Option<Duration> STATUS_TIMEOUT =
      GROUP
          .ofClusters()
          .option(
              "status-timeout",
              OptionType.time(Duration.ofMillis(1), Duration.ofMinutes(1)),
              "1s",
              "How long a process may take to tell its figures");
  static final Option<Integer> STATUS_PARALLELISM =
      GROUP
          .ofClusters()
          .option(
              "status-parallelism",
              OptionType.count(1, 256),
              "16",
              "Processes that are asked for theirs at once");
  static final Option<Path> NODE_AUTHORITY =
      GROUP
          .ofClusters()
          .derived(
              "node-http-ca",
              OptionType.path("FILE"),
              "that of the cluster",
              "Who signs the certificates that processes show for HTTP, in PEM; they have to name"
                  + " their hosts then");

  static final Option<Path> NAMESPACES =
      GROUP.derived(
          "namespaces",
          OptionType.path("FILE"),
          "none",
          "File with namespaces and their quotas, in YAML");
  static final Option<Path> ACCESS =
      GROUP.derived(
          "access",
          OptionType.path("FILE"),
          "none",
          "File with rules about who may publish and subscribe what, in YAML");

  static final Option<Path> BANS =
      GROUP.derived(
          "bans",
          OptionType.path("FILE"),
          "none",
          "File with bans, that \"vmqtt access ban\" writes; read again when it changes");

  public static final Option<Path> OPERATORS =
      GROUP.derived(
          "operators",
          OptionType.path("FILE"),
          "none",
          "File with those who may look at the cluster and change it, that \"vmqtt operator set\""
              + " writes; read again when it changes");

  static final Option<Path> OPERATOR_AUDIT =
      GROUP.derived(
          "operator-audit",
          OptionType.path("FILE"),
          "none",
          "What operators have changed, or tried to: a line of JSON for each; of 64 MiB each, the"
              + " last eight files are kept");

  static final Option<String> ALARM_WEBHOOK =
      GROUP.derived(
          "alarm-webhook",
          OptionType.text("URL"),
          "none",
          "Who is told of alarms that are raised and cleared, by POST with JSON");

  static final Option<Path> ALARM_WEBHOOK_TOKEN =
      GROUP.derived(
          "alarm-webhook-token-file",
          OptionType.path("FILE"),
          "none",
          "File whose first line is shown there as a bearer token; read anew for each");

  private RegistryOptions() {}

  /** All that a registry can be told. */
  public static List<Option<?>> all() {
    return GROUP.all();
  }

  /**
   * As the registry takes it.
   *
   * @throws OptionException if something is set to what cannot be, or in one of the files
   */
  static RegistryConfiguration config(OptionValues values) {
    return new RegistryConfiguration(
        values.get(SHARDS),
        values.get(REPLICATION_FACTOR),
        values.get(INITIAL_STORES),
        values.get(NEW_CLUSTER),
        values.get(STATUS_TIMEOUT),
        values.get(STATUS_PARALLELISM),
        values.find(NODE_AUTHORITY).orElse(null),
        values
            .find(NAMESPACES)
            .map(file -> FactFile.checked(new NamespacesFile(file, NAMESPACES.property())))
            .orElse(null),
        values
            .find(ACCESS)
            .map(file -> FactFile.checked(new AccessFile(file, ACCESS.property())))
            .orElse(null),
        values
            .find(BANS)
            .map(file -> FactFile.checked(new BansFile(file, BANS.property())))
            .orElse(null),
        values
            .find(OPERATORS)
            .map(file -> FactFile.checked(new OperatorsFile(file, OPERATORS.property())))
            .orElse(null),
        webhook(values));
  }

  private static @Nullable WebhookTerms webhook(OptionValues values) {
    String url = values.find(ALARM_WEBHOOK).orElse(null);
    Path token = values.find(ALARM_WEBHOOK_TOKEN).orElse(null);
    if (url == null) {
      if (token != null) {
        throw new OptionException(
            ALARM_WEBHOOK_TOKEN.property() + ": is of no use without " + ALARM_WEBHOOK.property());
      }
      return null;
    }
    try {
      URI uri = new URI(url);
      if (uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return new WebhookTerms(uri, token);
      }
    } catch (URISyntaxException e) {
      throw new OptionException(ALARM_WEBHOOK.property() + ": " + e.getMessage());
    }
    throw new OptionException(
        ALARM_WEBHOOK.property() + " must be http://... or https://..., not '" + url + "'");
  }
}
