package io.vmqtt.gateway.access.ldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.outside.Template;
import io.vmqtt.gateway.access.outside.Template.Variable;
import java.util.Objects;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * Where in a directory the entry of a user is. Names that clients say of themselves are values
 * there, whatever is in them.
 */
public sealed interface LdapEntries {

  /** Whether they are found by the user name: else a password says nothing of it. */
  boolean areFoundByUserName();

  /**
   * At a name that is known without a search.
   *
   * @param name {@code uid=%u,ou=people,dc=example,dc=org}
   */
  record Named(Template name) implements LdapEntries {

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is no distinguished name
     */
    public static Named read(String pattern) {
      if (!DN.isValidDN(pattern)) {
        throw new IllegalArgumentException("'" + pattern + "' is not a distinguished name");
      }
      return new Named(template(pattern));
    }

    @Override
    public boolean areFoundByUserName() {
      return name.has(Variable.USER_NAME);
    }

    /** That of a client that names a user [RFC 4514]. */
    String of(Credentials client) {
      return Objects.requireNonNull(name.fill(client, Rdn::escapeValue));
    }
  }

  /**
   * To be searched for.
   *
   * @param base below it
   * @param filter {@code (uid=%u)}
   * @param userAttribute that has the user name as the directory writes it; null: as the client
   *     says it
   */
  record Found(String base, Template filter, @Nullable String userAttribute)
      implements LdapEntries {

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if something cannot be
     */
    public static Found read(String base, String filter, @Nullable String userAttribute) {
      if (!DN.isValidDN(base)) {
        throw new IllegalArgumentException("'" + base + "' is not a distinguished name");
      }
      try {
        var _ = Filter.create(filter);
      } catch (LDAPException _) {
        throw new IllegalArgumentException("'" + filter + "' is not a filter");
      }
      return new Found(base, template(filter), userAttribute);
    }

    @Override
    public boolean areFoundByUserName() {
      return filter.has(Variable.USER_NAME);
    }

    /** For a client that names a user [RFC 4515]. */
    Filter of(Credentials client) throws LDAPException {
      return Filter.create(Objects.requireNonNull(filter.fill(client, Filter::encodeValue)));
    }
  }

  private static Template template(String text) {
    return Template.read(text, Variable.USER_NAME, Variable.CLIENT_ID);
  }
}
