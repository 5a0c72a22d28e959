package io.vmqtt.cluster.identity;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files, in PEM, by which a process proves what it is.
 *
 * @param certificate and behind it those that lead to its authority
 * @param key of the certificate
 * @param keyPassphrase what the key is encrypted with; null: it is not
 * @param authority who signs the certificates of all processes
 */
public record IdentityFiles(
    Path certificate, Path key, @Nullable Path keyPassphrase, Path authority) {

  List<Path> all() {
    return Stream.of(certificate, key, keyPassphrase, authority).filter(Objects::nonNull).toList();
  }
}
