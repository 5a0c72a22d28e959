package io.vmqtt.gateway.config;

import io.vmqtt.gateway.access.CertificateUsers;
import io.vmqtt.gateway.access.ClientIds;
import io.vmqtt.gateway.access.tokens.TokenDemands;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How clients prove who they are; the methods are asked in this order.
 *
 * @param certificate users by their certificates; null: not so
 * @param tokens users by signed tokens; null: none
 * @param passwords file with users; null: none
 * @param anonymous whether whoever names no user may come in
 * @param clientIds which ones a user may have; null: any
 * @param outside who else is asked, behind the passwords and before whoever names no user
 * @param proxied what the common name of a certificate has to look like that a client has shown a
 *     proxy, its first group, if there is one, being the user name; asked first; null: not so
 */
public record AccessMethods(
    @Nullable CertificateUser certificate,
    @Nullable TokenConfig tokens,
    @Nullable Path passwords,
    boolean anonymous,
    @Nullable ClientIds clientIds,
    OutsideMethods outside,
    @Nullable String proxied) {
  /** Nothing is said: whoever comes is let in, and only this machine can come. */
  public static final AccessMethods NONE = new AccessMethods(null, null, null, false, null);

  /** No proxy is asked. */
  public AccessMethods(
      @Nullable CertificateUser certificate,
      @Nullable TokenConfig tokens,
      @Nullable Path passwords,
      boolean anonymous,
      @Nullable ClientIds clientIds,
      OutsideMethods outside) {
    this(certificate, tokens, passwords, anonymous, clientIds, outside, null);
  }

  /** Nobody outside is asked. */
  public AccessMethods(
      @Nullable CertificateUser certificate,
      @Nullable TokenConfig tokens,
      @Nullable Path passwords,
      boolean anonymous,
      @Nullable ClientIds clientIds) {
    this(certificate, tokens, passwords, anonymous, clientIds, OutsideMethods.NONE);
  }

  /**
   * Where in a certificate the name of its user is.
   *
   * @param pattern what that part has to look like; its first group, if there is one, is the name
   */
  public record CertificateUser(CertificateUsers.Part part, String pattern) {}

  /**
   * Whose tokens are good: those of keys in a file, at an address, or in both.
   *
   * @param keys file with a set of JSON Web Keys; null: none
   * @param issuer who says at an address which keys are good; null: nobody
   */
  public record TokenConfig(
      @Nullable Path keys, @Nullable IssuerConfig issuer, TokenDemands demands) {}

  /**
   * Where the keys of an issuer of tokens are.
   *
   * @param authorities file with certificates; null: those that the JDK believes
   * @param kept how long keys hold when they are old and there is no answer
   * @param timeout how long a question may take
   */
  public record IssuerConfig(
      URI uri, @Nullable Path authorities, Duration kept, Duration timeout) {}

  /** The same with users by what proxies say. */
  AccessMethods withProxied(String pattern) {
    return new AccessMethods(
        certificate, tokens, passwords, anonymous, clientIds, outside, pattern);
  }

  /** Whether it is said who may come in. */
  public boolean areSet() {
    return certificate != null
        || tokens != null
        || passwords != null
        || anonymous
        || proxied != null
        || !outside.asked().isEmpty();
  }
}
