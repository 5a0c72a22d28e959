package io.vmqtt.gateway.access.tokens;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyConverter;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.text.ParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Keys by which the signatures of tokens are looked at. Each is made ready once, when it is read,
 * and not for each token. Never changed.
 */
final class SigningKeys {
  static final SigningKeys NONE = new SigningKeys(List.of());

  /** One signature is looked at with so many: those of a token that does not name its key. */
  static final int MOST_TRIED = 4;

  /** What a signature may be; which of them a key can make, the key says. */
  private static final Set<JWSAlgorithm> ALGORITHMS = algorithms();

  private final List<Ready> keys;

  private SigningKeys(List<Ready> keys) {
    this.keys = List.copyOf(keys);
  }

  /**
   * A key as it was named, and what signatures are looked at with.
   *
   * @param usable empty: it is for something else than signatures that are known here
   */
  private record Ready(JWK named, List<Key> usable) {
    static Ready of(JWK named) {
      return new Ready(named, SigningKeys.usable(named));
    }
  }

  private static Set<JWSAlgorithm> algorithms() {
    Set<JWSAlgorithm> all = new HashSet<>();
    all.addAll(JWSAlgorithm.Family.RSA);
    all.addAll(JWSAlgorithm.Family.EC);
    all.addAll(JWSAlgorithm.Family.HMAC_SHA);
    all.addAll(EdDsaVerifier.ALGORITHMS);
    all.remove(JWSAlgorithm.ES256K);
    return Set.copyOf(all);
  }

  /**
   * Reads a set of JSON Web Keys (RFC 7517).
   *
   * @throws IllegalArgumentException if it is none, or has no key
   */
  static SigningKeys read(String json) {
    List<Ready> keys;
    try {
      keys = JWKSet.parse(json).getKeys().stream().map(Ready::of).toList();
    } catch (ParseException | RuntimeException e) { // of JSON that is no object, the library fails
      throw new IllegalArgumentException("no set of JSON Web Keys: " + e.getMessage(), e);
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("a set of JSON Web Keys without any");
    }
    if (keys.stream().anyMatch(SigningKeys::isEmpty)) {
      throw new IllegalArgumentException("a JSON Web Key that is an empty secret");
    }
    return new SigningKeys(keys);
  }

  private static boolean isEmpty(Ready key) {
    return key.named() instanceof OctetSequenceKey secret && secret.size() == 0;
  }

  /** Those that anybody may know: not the secrets that issuer and broker share. */
  SigningKeys open() {
    return new SigningKeys(
        keys.stream().filter(key -> !key.named().getKeyType().equals(KeyType.OCT)).toList());
  }

  /** How many there are. */
  int count() {
    return keys.size();
  }

  /** These, and then others. */
  SigningKeys and(SigningKeys others) {
    return new SigningKeys(Stream.concat(keys.stream(), others.keys.stream()).toList());
  }

  /**
   * Those that may have made the signature of a token with such a header, {@value #MOST_TRIED} at
   * most.
   */
  List<Key> of(JWSHeader header) {
    if (!ALGORITHMS.contains(header.getAlgorithm())) {
      return List.of();
    }
    JWKMatcher matcher = JWKMatcher.forJWSHeader(header);
    return keys.stream()
        .filter(key -> matcher.matches(key.named()))
        .flatMap(key -> key.usable().stream())
        .limit(MOST_TRIED)
        .toList();
  }

  private static List<Key> usable(JWK key) {
    if (key instanceof OctetKeyPair pair) {
      try {
        return List.of(EdDsaVerifier.key(pair));
      } catch (GeneralSecurityException _) {
        return List.of();
      }
    }
    return KeyConverter.toJavaKeys(List.of(key)).stream()
        .filter(one -> !(one instanceof PrivateKey))
        .toList();
  }
}
