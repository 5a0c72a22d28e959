package io.vmqtt.gateway.config;

import io.vmqtt.gateway.access.ldap.LdapEntries;
import io.vmqtt.gateway.access.outside.Template;
import io.vmqtt.gateway.access.redis.RedisStore.Fields;
import io.vmqtt.gateway.access.sql.UserQuery;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who outside of this process is asked about clients.
 *
 * @param asked in this order
 * @param timeout how long a question may take
 * @param atOnce questions to each of them that may be under way
 * @param remembered how long whom they have let in comes in again without a question; zero: never
 */
public record OutsideMethods(List<Asked> asked, Duration timeout, int atOnce, Duration remembered) {
  /** Nobody. */
  public static final OutsideMethods NONE =
      new OutsideMethods(List.of(), Duration.ofSeconds(2), 16, Duration.ZERO);

  public OutsideMethods {
    asked = List.copyOf(asked);
  }

  /** One of them. */
  public sealed interface Asked {}

  /**
   * A service that answers by HTTP.
   *
   * @param headers file with headers to send; null: none
   * @param body file with the JSON to send; null: everything that is known
   * @param authorities file with certificates; null: those that the JDK believes
   */
  public record Http(
      URI uri, @Nullable Path headers, @Nullable Path body, @Nullable Path authorities)
      implements Asked {}

  /**
   * A directory that speaks LDAP.
   *
   * @param startTls whether TLS begins on a connection without it
   * @param authorities file with certificates; null: those that the JDK believes
   * @param bindName as whom entries are searched for; null: as nobody
   * @param bindPassword file with the password for that
   */
  public record Ldap(
      URI uri,
      boolean startTls,
      @Nullable Path authorities,
      LdapEntries entries,
      @Nullable String bindName,
      @Nullable Path bindPassword)
      implements Asked {}

  /**
   * A database that speaks SQL.
   *
   * @param url as JDBC has it
   * @param user of the database; null: what the URL says
   * @param password file with its password; null: none
   * @param query that finds users
   * @param rules that finds rules of their own; null: there are none
   */
  public record Sql(
      String url,
      @Nullable String user,
      @Nullable Path password,
      UserQuery query,
      @Nullable UserQuery rules)
      implements Asked {}

  /**
   * A Redis.
   *
   * @param user of Redis; null: the one without a name
   * @param password file with its password; null: none
   * @param key of the hash of a user
   * @param fields of it
   * @param authorities file with certificates; null: those that the JDK believes
   */
  public record Redis(
      URI uri,
      @Nullable String user,
      @Nullable Path password,
      Template key,
      Fields fields,
      @Nullable Path authorities)
      implements Asked {}

  /**
   * An extension.
   *
   * @param folder with jars
   * @param settings what it is told
   */
  public record Extension(Path folder, String name, Map<String, String> settings) implements Asked {
    public Extension {
      settings = Map.copyOf(settings);
    }
  }
}
