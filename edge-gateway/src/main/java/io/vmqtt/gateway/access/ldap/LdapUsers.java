package io.vmqtt.gateway.access.ldap;

import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.AuthenticationMethod;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.gateway.access.outside.Outsider;
import io.vmqtt.gateway.access.outside.StrangeAnswerException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Users of a directory, which checks their password itself: one that can bind (RFC 4513) with it
 * comes in. A bind without a password proves nothing, and succeeds: it is never tried.
 *
 * <p>Where the entry is known without a search, the directory does not tell an unknown user from a
 * wrong password: both are for the next method.
 */
public final class LdapUsers implements AuthenticationMethod {
  private static final String NO_ATTRIBUTES = "1.1";

  /** It answers, but not to this. */
  private static final Set<ResultCode> OUT_OF_SERVICE =
      Set.of(ResultCode.BUSY, ResultCode.UNAVAILABLE, ResultCode.TIME_LIMIT_EXCEEDED);

  private final LdapServer server;
  private final LdapEntries entries;
  private final Outsider outsider;

  /** Those whose entries are there. */
  public LdapUsers(LdapServer server, LdapEntries entries, Outsider outsider) {
    this.server = server;
    this.entries = entries;
    this.outsider = outsider;
  }

  @Override
  public String name() {
    return "ldap";
  }

  @Override
  public CompletableFuture<Optional<Authentication>> judge(Credentials credentials) {
    String user = credentials.userName();
    Password password = credentials.password();
    if (user == null || user.isEmpty() || password == null || password.bytes().length == 0) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return outsider.ask(credentials, () -> asked(credentials, password.bytes()));
  }

  private Optional<Authentication> asked(Credentials credentials, byte[] password)
      throws LDAPException, StrangeAnswerException {
    LDAPConnectionPool connections = server.connections();
    return switch (entries) {
      case LdapEntries.Named named ->
          binds(connections, named.of(credentials), password)
              ? accepted(credentials, null)
              : Optional.empty();
      case LdapEntries.Found found -> {
        SearchResultEntry entry = entry(connections, found, credentials);
        if (entry == null) {
          yield Optional.empty();
        }
        yield binds(connections, entry.getDN(), password)
            ? accepted(credentials, name(entry, found))
            : Optional.of(Authentication.Refused.unproven(credentials));
      }
    };
  }

  /**
   * It is let in.
   *
   * @param name as the directory writes it; null: it does not say
   */
  private Optional<Authentication> accepted(Credentials credentials, @Nullable String name) {
    String said = entries.areFoundByUserName() ? credentials.userName() : null;
    return Optional.of(
        new Authentication.Accepted(
            credentials.identity(credentials.namespace(), name == null ? said : name)));
  }

  /** False: it is not the password of that entry, or there is no such entry, or it is shut out. */
  private static boolean binds(LDAPConnectionPool connections, String name, byte[] password)
      throws LDAPException {
    try {
      return connections
          .bindAndRevertAuthentication(new SimpleBindRequest(name, password))
          .getResultCode()
          .equals(ResultCode.SUCCESS);
    } catch (LDAPException e) {
      throwIfUnanswered(e);
      return false;
    }
  }

  /** Null: there is none. */
  private static @Nullable SearchResultEntry entry(
      LDAPConnectionPool connections, LdapEntries.Found where, Credentials credentials)
      throws LDAPException, StrangeAnswerException {
    String attribute = where.userAttribute();
    SearchRequest request =
        new SearchRequest(
            where.base(),
            SearchScope.SUB,
            where.of(credentials),
            attribute == null ? NO_ATTRIBUTES : attribute);
    request.setSizeLimit(2);
    List<SearchResultEntry> entries;
    try {
      entries = Objects.requireNonNull(connections.search(request).getSearchEntries());
    } catch (LDAPException e) {
      if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
        throw several();
      }
      throw e;
    }
    if (entries.size() > 1) {
      throw several();
    }
    return entries.isEmpty() ? null : entries.getFirst();
  }

  private static StrangeAnswerException several() {
    return new StrangeAnswerException("finds several entries for one user");
  }

  private static @Nullable String name(SearchResultEntry entry, LdapEntries.Found where)
      throws StrangeAnswerException {
    String attribute = where.userAttribute();
    if (attribute == null) {
      return null;
    }
    String[] values = entry.getAttributeValues(attribute);
    if (values == null || values.length != 1 || values[0].isEmpty()) {
      throw new StrangeAnswerException("has an entry without one " + attribute);
    }
    return values[0];
  }

  private static void throwIfUnanswered(LDAPException e) throws LDAPException {
    ResultCode code = e.getResultCode();
    if (!code.isConnectionUsable() || OUT_OF_SERVICE.contains(code)) {
      throw e;
    }
  }
}
