package io.vmqtt.cluster.node;

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
