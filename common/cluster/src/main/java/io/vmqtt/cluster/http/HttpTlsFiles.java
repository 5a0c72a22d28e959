package io.vmqtt.cluster.http;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files, in PEM, by which HTTP speaks TLS.
 *
 * @param certificate and behind it those that lead to its authority
 * @param key of the certificate
 * @param keyPassphrase what the key is encrypted with; null: it is not
 * @param callers who signs the certificates of those who ask; empty: they need none
 */
public record HttpTlsFiles(
    Path certificate, Path key, @Nullable Path keyPassphrase, List<Path> callers) {
  public HttpTlsFiles {
    callers = List.copyOf(callers);
  }

  List<Path> all() {
    return Stream.concat(
            Stream.of(certificate, key, keyPassphrase).filter(Objects::nonNull), callers.stream())
        .toList();
  }

  /** Whether those who ask have to show a certificate, too. */
  public boolean isMutual() {
    return !callers.isEmpty();
  }

  /** What those who ask have to show, for people. */
  String expected() {
    return isMutual()
        ? "a certificate that "
            + String.join(" or ", callers.stream().map(Path::toString).toList())
            + " has signed"
        : "TLS";
  }
}
