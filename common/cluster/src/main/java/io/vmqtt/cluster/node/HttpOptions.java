package io.vmqtt.cluster.node;

import io.vmqtt.cluster.http.HttpTlsFiles;
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

/** How a process serves its health, its status and its metrics. */
public final class HttpOptions {
  private static final OptionGroup GROUP = new OptionGroup("vmqtt.");

  static final Option<Tls> TLS =
      GROUP.option(
          "http-tls",
          OptionType.choice(Tls.class),
          "NONE",
          "TLS at the port for health, status and metrics: none, one where the process shows a"
              + " certificate, or one where whoever asks has to show one, too, Consul's agent among"
              + " them");

  static final Option<Path> CERTIFICATE =
      GROUP.derived(
          "http-certificate",
          OptionType.path("FILE"),
          "that of the process in the cluster",
          "Certificate that is shown there, in PEM");

  static final Option<Path> KEY =
      GROUP.derived(
          "http-key",
          OptionType.path("FILE"),
          "that of the process in the cluster",
          "The key of --http-certificate");

  static final Option<Path> KEY_PASSPHRASE =
      GROUP.derived(
          "http-key-passphrase",
          OptionType.path("FILE"),
          "none",
          "File whose first line is the passphrase of --http-key, where that is encrypted");

  static final Option<Path> AUTHORITY =
      GROUP.derived(
          "http-ca",
          OptionType.path("FILE"),
          "none",
          "With --http-tls MUTUAL, who signs the certificates of those who ask, in PEM, beside the"
              + " authority of the cluster, where there is one");

  /** Who shows a certificate. */
  enum Tls {
    NONE,
    SERVER,
    MUTUAL
  }

  private HttpOptions() {}

  /** Whether HTTP speaks TLS. */
  static boolean speaksTls(OptionValues options) {
    return options.get(TLS) != Tls.NONE;
  }

  /**
   * By what files HTTP speaks TLS; empty: it does not.
   *
   * @throws OptionException if some are missing, or there for nothing
   */
  public static Optional<HttpTlsFiles> files(OptionValues options) {
    Tls tls = options.get(TLS);
    Optional<Path> certificate = options.find(CERTIFICATE);
    Optional<Path> key = options.find(KEY);
    Optional<Path> passphrase = options.find(KEY_PASSPHRASE);
    Optional<Path> authority = options.find(AUTHORITY);
    if (tls == Tls.NONE
        && Stream.of(certificate, key, passphrase, authority).anyMatch(Optional::isPresent)) {
      throw new OptionException("--http-certificate and its like are of no use without --http-tls");
    }
    if (authority.isPresent() && tls != Tls.MUTUAL) {
      throw new OptionException("--http-ca is of no use without --http-tls MUTUAL");
    }
    if (certificate.isPresent() != key.isPresent() || (passphrase.isPresent() && key.isEmpty())) {
      throw new OptionException("--http-certificate and --http-key need one another");
    }
    if (tls == Tls.NONE) {
      return Optional.empty();
    }
    Optional<IdentityFiles> cluster = ClusterOptions.identity(options);
    List<Path> callers =
        tls == Tls.MUTUAL
            ? Stream.of(authority, cluster.map(IdentityFiles::authority))
                .flatMap(Optional::stream)
                .distinct()
                .toList()
            : List.of();
    if (tls == Tls.MUTUAL && callers.isEmpty()) {
      throw new OptionException("--http-tls MUTUAL needs --http-ca");
    }
    if (certificate.isPresent() && key.isPresent()) {
      return Optional.of(
          new HttpTlsFiles(certificate.get(), key.get(), passphrase.orElse(null), callers));
    }
    IdentityFiles shown =
        cluster.orElseThrow(
            () -> new OptionException("--http-tls needs --http-certificate and --http-key"));
    return Optional.of(
        new HttpTlsFiles(shown.certificate(), shown.key(), shown.keyPassphrase(), callers));
  }

  public static List<Option<?>> all() {
    return GROUP.all();
  }
}
