package io.vmqtt.cluster.node;

import io.vmqtt.cluster.consul.ConsulAccess;
import io.vmqtt.cluster.identity.IdentityFiles;
import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionGroup;
import io.vmqtt.cluster.option.OptionType;
import io.vmqtt.cluster.option.OptionValues;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How a process takes part in a cluster. */
public final class ClusterOptions {
  private static final OptionGroup GROUP = new OptionGroup("vmqtt.").ofClusters();

  public static final Option<String> CONSUL =
      GROUP.option(
          "consul",
          OptionType.address(),
          "127.0.0.1:8500",
          "Where Consul's HTTP interface is; it may be away for a while");

  static final Option<Path> CONSUL_TOKEN_FILE =
      GROUP.derived(
          "consul-token-file",
          OptionType.path("FILE"),
          "none",
          "File whose first line is the ACL token that Consul is shown; read anew for each question");

  static final Option<Path> CONSUL_AUTHORITY =
      GROUP.derived(
          "consul-ca",
          OptionType.path("FILE"),
          "none",
          "Who has signed Consul's certificate, in PEM; with it, Consul is spoken to over TLS, and"
              + " --consul names its HTTPS port");

  static final Option<Path> CONSUL_CERTIFICATE =
      GROUP.derived(
          "consul-certificate",
          OptionType.path("FILE"),
          "none",
          "Certificate that Consul is shown, in PEM");

  static final Option<Path> CONSUL_KEY =
      GROUP.derived(
          "consul-key", OptionType.path("FILE"), "none", "The key of --consul-certificate");

  public static final Option<String> ADVERTISE_HOST =
      GROUP.derived(
          "advertise-host",
          OptionType.text("HOST"),
          "the local address from which this machine reaches Consul",
          "Name or address under which the other processes, and Consul's health check, reach this"
              + " one");

  static final Option<Path> CERTIFICATE =
      GROUP.derived(
          "cluster-certificate",
          OptionType.path("FILE"),
          "none",
          "Certificate that this process shows the others, in PEM, with its role among its names;"
              + " with it, --cluster-key and --cluster-ca, links and Raft speak mutual TLS");

  static final Option<Path> KEY =
      GROUP.derived(
          "cluster-key", OptionType.path("FILE"), "none", "The key of --cluster-certificate");

  static final Option<Path> KEY_PASSPHRASE =
      GROUP.derived(
          "cluster-key-passphrase",
          OptionType.path("FILE"),
          "none",
          "File whose first line is the passphrase of --cluster-key, where that is encrypted");

  static final Option<Path> AUTHORITY =
      GROUP.derived(
          "cluster-ca",
          OptionType.path("FILE"),
          "none",
          "Who signs the certificates of all processes, in PEM");

  private ClusterOptions() {}

  /**
   * How Consul is spoken to.
   *
   * @throws OptionException if some of it is of no use without the rest
   */
  static ConsulAccess consulAccess(OptionValues options) {
    try {
      return new ConsulAccess(
          options.find(CONSUL_TOKEN_FILE).orElse(null),
          options.find(CONSUL_AUTHORITY).orElse(null),
          options.find(CONSUL_CERTIFICATE).orElse(null),
          options.find(CONSUL_KEY).orElse(null));
    } catch (IllegalArgumentException e) {
      throw new OptionException(
          "--consul-certificate and --consul-key need one another, and --consul-ca");
    }
  }

  /**
   * By what this process proves what it is; empty: by nothing.
   *
   * @throws OptionException if some of it is missing
   */
  static Optional<IdentityFiles> identity(OptionValues options) {
    Optional<Path> certificate = options.find(CERTIFICATE);
    Optional<Path> key = options.find(KEY);
    Optional<Path> authority = options.find(AUTHORITY);
    Optional<Path> passphrase = options.find(KEY_PASSPHRASE);
    if (certificate.isPresent() && key.isPresent() && authority.isPresent()) {
      return Optional.of(
          new IdentityFiles(
              certificate.get(), key.get(), passphrase.orElse(null), authority.get()));
    }
    if (Stream.of(certificate, key, authority, passphrase).anyMatch(Optional::isPresent)) {
      throw new OptionException(
          "--cluster-certificate, --cluster-key and --cluster-ca need one another");
    }
    return Optional.empty();
  }

  public static List<Option<?>> all() {
    return GROUP.all();
  }
}
