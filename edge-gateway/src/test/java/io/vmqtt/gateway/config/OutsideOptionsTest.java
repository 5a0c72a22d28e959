package io.vmqtt.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.access.ldap.LdapEntries;
import io.vmqtt.gateway.access.redis.RedisStore;
import io.vmqtt.gateway.access.redis.RedisStore.Fields;
import io.vmqtt.gateway.access.sql.UserQuery;
import io.vmqtt.gateway.config.OutsideMethods.Http;
import io.vmqtt.gateway.config.OutsideMethods.Ldap;
import io.vmqtt.gateway.config.OutsideMethods.Redis;
import io.vmqtt.gateway.config.OutsideMethods.Sql;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutsideOptionsTest {

  @Test
  void methods_nothingSet_asksNobody() {
    assertEquals(OutsideMethods.NONE, methods(Map.of()));
  }

  @Test
  void methods_http_isWhatIsSet() {
    assertEquals(
        new OutsideMethods(
            List.of(
                new Http(
                    URI.create("https://h/who?x=1"), Path.of("h"), Path.of("b"), Path.of("c"))),
            Duration.ofMillis(500),
            7,
            Duration.ofMinutes(1)),
        methods(
            Map.of(
                "http-auth-url", "https://h/who?x=1",
                "http-auth-headers", "h",
                "http-auth-body", "b",
                "http-auth-ca", "c",
                "outside-timeout", "500ms",
                "outside-questions", "7",
                "outside-remembered", "1m")));
    assertEquals(
        List.of(new Http(URI.create("http://h:1"), null, null, null)),
        methods(Map.of("http-auth-url", "http://h:1")).asked());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ftp://h     | : 'ftp://h' is not http://HOST or https://HOST",
        "h/who       | : 'h/who' is not http://HOST or https://HOST",
        "http://h/ x | : 'http://h/ x' is no URL",
        "http://u:p@h| : secrets belong in files, not in a URL",
      })
  void methods_httpUrlCannotBe_theComplaintNamesTheOption(String url, String complaint) {
    assertEquals(
        "vmqtt.gateway.http-auth-url" + complaint,
        assertThrows(OptionException.class, () -> methods(Map.of("http-auth-url", url)))
            .getMessage());
  }

  @Test
  void methods_ldap_isWhatIsSet() {
    assertEquals(
        List.of(new Ldap(URI.create("ldaps://h"), false, null, named("uid=%u,dc=org"), null, null)),
        methods(Map.of("ldap-url", "ldaps://h", "ldap-user-dn", "uid=%u,dc=org")).asked());
    assertEquals(
        List.of(
            new Ldap(
                URI.create("ldap://h:1"),
                true,
                Path.of("c"),
                LdapEntries.Found.read("dc=org", "(cn=%c)", "uid"),
                "cn=us",
                Path.of("p"))),
        methods(
                Map.of(
                    "ldap-url", "ldap://h:1",
                    "ldap-start-tls", "true",
                    "ldap-ca", "c",
                    "ldap-search-base", "dc=org",
                    "ldap-filter", "(cn=%c)",
                    "ldap-user-attribute", "uid",
                    "ldap-bind-dn", "cn=us",
                    "ldap-bind-password", "p"))
            .asked());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ldap://h  |         |         |       | false | vmqtt.gateway.ldap-url needs one of --ldap-user-dn and --ldap-search-base",
        "ldap://h  | uid=%u  | dc=org  | (a=b) | false | vmqtt.gateway.ldap-url needs one of --ldap-user-dn and --ldap-search-base",
        "ldap://h  | uid     |         | (a=b) | false | vmqtt.gateway.ldap-url: 'uid' is not a distinguished name",
        "ldap://h  |         | dc=org  | a=b)  | false | vmqtt.gateway.ldap-url: 'a=b)' is not a filter",
        "ldaps://h | uid=%u  |         |       | true  | vmqtt.gateway.ldap-start-tls: there is TLS already with ldaps://",
        "http://h  | uid=%u  |         |       | false | vmqtt.gateway.ldap-url: 'http://h' is not ldap://HOST or ldaps://HOST",
      })
  void methods_ldapCannotBe_theComplaintSaysWhy(
      String url,
      @Nullable String name,
      @Nullable String base,
      @Nullable String filter,
      String startTls,
      String complaint) {
    Map<String, String> set = new HashMap<>(Map.of("ldap-url", url, "ldap-start-tls", startTls));
    set.computeIfAbsent("ldap-user-dn", _ -> name);
    set.computeIfAbsent("ldap-search-base", _ -> base);
    set.computeIfAbsent("ldap-filter", _ -> filter);

    assertEquals(complaint, assertThrows(OptionException.class, () -> methods(set)).getMessage());
  }

  private static LdapEntries named(String pattern) {
    return LdapEntries.Named.read(pattern);
  }

  @Test
  void methods_sql_isWhatIsSet() {
    assertEquals(
        List.of(
            new Sql(
                "jdbc:postgresql://h/db",
                "us",
                Path.of("p"),
                UserQuery.read("SELECT h FROM u WHERE n = :client_id"),
                UserQuery.read("SELECT e, a, t FROM r WHERE n = :user_name"))),
        methods(
                Map.of(
                    "sql-url", "jdbc:postgresql://h/db",
                    "sql-user", "us",
                    "sql-password", "p",
                    "sql-query", "SELECT h FROM u WHERE n = :client_id",
                    "sql-rules-query", "SELECT e, a, t FROM r WHERE n = :user_name"))
            .asked());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jdbc:postgresql://h/db?user=u&password=p | SELECT :user_name | sql-url: secrets belong in files, not in a URL",
        "jdbc:postgresql://h/db?sslpassword=p     | SELECT :user_name | sql-url: secrets belong in files, not in a URL",
        "jdbc:mysql://(host=h,password = p)/db    | SELECT :user_name | sql-url: secrets belong in files, not in a URL",
        "jdbc:mysql://h/db?trustCertificateKeyStorePassword=p | SELECT :user_name | sql-url: secrets belong in files, not in a URL",
        "jdbc:mysql://u:p@h/db                    | SELECT :user_name | sql-url: secrets belong in files, not in a URL",
        "jdbc:postgresql://h/db                   | SELECT :password  | sql-query: a query with :password, which is none of :address, :certificate_name, :client_id, :namespace, :user_name",
      })
  void methods_sqlCannotBe_theComplaintSaysWhy(String url, String query, String complaint) {
    assertEquals(
        "vmqtt.gateway." + complaint,
        assertThrows(
                OptionException.class, () -> methods(Map.of("sql-url", url, "sql-query", query)))
            .getMessage());
  }

  @Test
  void methods_redis_isWhatIsSet() {
    assertEquals(
        List.of(
            new Redis(
                URI.create("rediss://h:1/2"),
                "us",
                Path.of("p"),
                RedisStore.key("u:%c"),
                new Fields("h", "out", "may"),
                Path.of("c"))),
        methods(
                Map.of(
                    "redis-url", "rediss://h:1/2",
                    "redis-user", "us",
                    "redis-password", "p",
                    "redis-key", "u:%c",
                    "redis-password-field", "h",
                    "redis-disabled-field", "out",
                    "redis-rules-field", "may",
                    "redis-ca", "c"))
            .asked());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redis://:p@h | %u | redis-url: secrets belong in files, not in a URL",
        "redis://h/db | %u | redis-url: 'redis://h/db' has no number behind its /",
        "redis://h    | %p | redis-key: '%p' has a % before what is none of [u, c, n]; %% is a percent sign",
      })
  void methods_redisCannotBe_theComplaintSaysWhy(String url, String key, String complaint) {
    assertEquals(
        "vmqtt.gateway." + complaint,
        assertThrows(
                OptionException.class, () -> methods(Map.of("redis-url", url, "redis-key", key)))
            .getMessage());
  }

  @Test
  void listeners_whoIsAsked_canDiffer() {
    GatewayConfig config =
        GatewayOptions.config(
            OptionValues.of(
                Map.of(
                    option("http-auth-url"),
                    "http://a",
                    GatewayOptions.LISTENERS,
                    "one=0.0.0.0:1;two=0.0.0.0:2 http-auth-url=http://b outside-timeout=3s")));

    assertEquals("0.0.0.0", config.host(), "it is said who may come in");
    assertEquals(
        List.of("http://a 2s", "http://a 2s", "http://b 3s"),
        config.listeners().stream()
            .map(listener -> listener.methods().outside())
            .map(
                outside ->
                    ((Http) outside.asked().getFirst()).uri()
                        + " "
                        + outside.timeout().toSeconds()
                        + 's')
            .toList());
  }

  private static OutsideMethods methods(Map<String, String> set) {
    Map<Option<?>, String> values = new HashMap<>();
    set.forEach((name, text) -> values.put(option(name), text));
    return OutsideOptions.methods(OptionValues.of(values));
  }

  private static Option<?> option(String name) {
    return OutsideOptions.all().stream()
        .filter(option -> option.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
