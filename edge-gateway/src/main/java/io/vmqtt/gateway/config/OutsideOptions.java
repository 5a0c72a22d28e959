package io.vmqtt.gateway.config;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionGroup;
import io.vmqtt.cluster.option.OptionType;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.access.ldap.LdapEntries;
import io.vmqtt.gateway.access.redis.RedisStore;
import io.vmqtt.gateway.access.redis.RedisStore.Fields;
import io.vmqtt.gateway.access.sql.UserQuery;
import io.vmqtt.gateway.access.tokens.TokenDemands;
import io.vmqtt.gateway.config.OutsideMethods.Asked;
import io.vmqtt.gateway.config.OutsideMethods.Extension;
import io.vmqtt.gateway.config.OutsideMethods.Http;
import io.vmqtt.gateway.config.OutsideMethods.Ldap;
import io.vmqtt.gateway.config.OutsideMethods.Redis;
import io.vmqtt.gateway.config.OutsideMethods.Sql;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** What an operator can set about those outside of a gateway who are asked about clients. */
final class OutsideOptions {
  private static final OptionGroup GROUP = new OptionGroup("vmqtt.gateway.");

  private static final Pattern SECRET_OF_JDBC = Pattern.compile("(?i)password\\s*=|//[^/]*:[^/]*@");

  static final Option<String> HTTP_AUTH_URL =
      GROUP.derived(
          "http-auth-url",
          OptionType.text("URL"),
          "none",
          "Who is asked about each client with a POST: 200 and 204 let it in, 401 and 403 do not,"
              + " 404 does not know it");
  static final Option<Path> HTTP_AUTH_BODY =
      GROUP.derived(
          "http-auth-body",
          OptionType.path("FILE"),
          "everything that is known",
          "JSON that is sent: %u is the user name, %c the client id, %p the password, %a the"
              + " address, %s the common name of the certificate, %n the namespace");
  static final Option<Path> HTTP_AUTH_HEADERS =
      GROUP.derived(
          "http-auth-headers",
          OptionType.path("FILE"),
          "none",
          "Headers that are sent, such as a secret: lines NAME: VALUE");
  static final Option<Path> HTTP_AUTH_CA =
      GROUP.derived(
          "http-auth-ca",
          OptionType.path("FILE"),
          "those of the JDK",
          "Authorities whose certificates are believed there, in PEM");

  static final Option<String> LDAP_URL =
      GROUP.derived(
          "ldap-url",
          OptionType.text("URL"),
          "none",
          "Directory whose users may come in: ldap://HOST:PORT or ldaps://HOST:PORT");
  static final Option<Boolean> LDAP_START_TLS =
      GROUP.option(
          "ldap-start-tls", OptionType.flag(), "false", "Whether TLS begins there, for ldap://");
  static final Option<Path> LDAP_CA =
      GROUP.derived(
          "ldap-ca",
          OptionType.path("FILE"),
          "those of the JDK",
          "Authorities whose certificates are believed there, in PEM");
  static final Option<String> LDAP_USER_DN =
      GROUP.derived(
          "ldap-user-dn",
          OptionType.text("DN"),
          "found by a search",
          "Where the entry of a user is: %u is the user name, %c the client id");
  static final Option<String> LDAP_SEARCH_BASE =
      GROUP.derived(
          "ldap-search-base",
          OptionType.text("DN"),
          "none",
          "Below what the entry of a user is searched for");
  static final Option<String> LDAP_FILTER =
      GROUP.option(
          "ldap-filter",
          OptionType.text("FILTER"),
          "(uid=%u)",
          "What makes an entry that of a user: %u is the user name, %c the client id");
  static final Option<String> LDAP_USER_ATTRIBUTE =
      GROUP.derived(
          "ldap-user-attribute",
          OptionType.text("NAME"),
          "the name that the client says",
          "What of the entry that was found is the user name");
  static final Option<String> LDAP_BIND_DN =
      GROUP.derived(
          "ldap-bind-dn", OptionType.text("DN"), "nobody", "As whom entries are searched for");
  static final Option<Path> LDAP_BIND_PASSWORD =
      GROUP.derived(
          "ldap-bind-password",
          OptionType.path("FILE"),
          "none",
          "File with the password for that in its first line");

  static final Option<String> SQL_URL =
      GROUP.derived(
          "sql-url",
          OptionType.text("URL"),
          "none",
          "Database whose users may come in: jdbc:postgresql://HOST/DATABASE or jdbc:mysql://");
  static final Option<String> SQL_USER =
      GROUP.derived(
          "sql-user", OptionType.text("NAME"), "none", "Who the gateway is to the database");
  static final Option<Path> SQL_PASSWORD =
      GROUP.derived(
          "sql-password",
          OptionType.path("FILE"),
          "none",
          "File with the password for that in its first line");
  static final Option<String> SQL_QUERY =
      GROUP.option(
          "sql-query",
          OptionType.text("SELECT"),
          "SELECT password_hash, disabled FROM mqtt_users WHERE user_name = :user_name",
          "What finds the hash of a user's password and, if there is a second column, whether the"
              + " user is disabled");

  static final Option<String> SQL_RULES_QUERY =
      GROUP.derived(
          "sql-rules-query",
          OptionType.text("SELECT"),
          "none",
          "What finds rules of a user's own, in their order: allow or deny, publish or subscribe or"
              + " both with a comma between, and the topic");

  static final Option<String> REDIS_URL =
      GROUP.derived(
          "redis-url",
          OptionType.text("URL"),
          "none",
          "Redis whose users may come in: redis://HOST:PORT/DATABASE, or rediss:// with TLS");
  static final Option<Path> REDIS_CA =
      GROUP.derived(
          "redis-ca",
          OptionType.path("FILE"),
          "those of the JDK",
          "Authorities whose certificates are believed there, in PEM");
  static final Option<String> REDIS_USER =
      GROUP.derived(
          "redis-user",
          OptionType.text("NAME"),
          "the one without a name",
          "Who the gateway is to Redis");
  static final Option<Path> REDIS_PASSWORD =
      GROUP.derived(
          "redis-password",
          OptionType.path("FILE"),
          "none",
          "File with the password for that in its first line");
  static final Option<String> REDIS_KEY =
      GROUP.option(
          "redis-key",
          OptionType.text("KEY"),
          "vmqtt:user:%u",
          "Key of the hash of a user: %u is the user name, %c the client id, %n the namespace");
  static final Option<String> REDIS_PASSWORD_FIELD =
      GROUP.option(
          "redis-password-field",
          OptionType.text("FIELD"),
          "password",
          "What of it is the hash of the password");
  static final Option<String> REDIS_DISABLED_FIELD =
      GROUP.option(
          "redis-disabled-field",
          OptionType.text("FIELD"),
          "disabled",
          "What of it, if it is there, says whether the user is disabled: 1 or true");

  static final Option<String> REDIS_RULES_FIELD =
      GROUP.derived(
          "redis-rules-field",
          OptionType.text("FIELD"),
          "none",
          "What of it has rules of the user's own, such as rules: a list in JSON");

  static final Option<Path> EXTENSIONS =
      GROUP.derived(
          "extensions",
          OptionType.path("DIR"),
          "none",
          "Folder with extensions: a jar for each, or a folder of jars");
  static final Option<String> EXTENSION =
      GROUP.derived(
          "extension",
          OptionType.confidential(
              OptionType.text("NAME"), said -> said.replaceAll("=[^,]*", "=***")),
          "none",
          "Which one is asked about clients, and what it is told: NAME,KEY=VALUE,KEY=VALUE");

  static final Option<Duration> OUTSIDE_TIMEOUT =
      GROUP.option(
          "outside-timeout",
          OptionType.time(Duration.ofMillis(100), Duration.ofMinutes(1)),
          "2s",
          "How long a question about a client to somebody outside may take, such as"
              + " --http-auth-url");
  static final Option<Integer> OUTSIDE_QUESTIONS =
      GROUP.option(
          "outside-questions",
          OptionType.count(1, 1_000),
          "16",
          "Questions to each of them that are under way; 1000 more wait");
  static final Option<Duration> OUTSIDE_REMEMBERED =
      GROUP.option(
          "outside-remembered",
          OptionType.time(Duration.ZERO, Duration.ofHours(1)),
          "0s",
          "How long whom they have let in comes in again without a question; 0s for never");

  private OutsideOptions() {}

  /** All of them; they can differ from one listener to the next. */
  static List<Option<?>> all() {
    return GROUP.all();
  }

  /** As the gateway takes them. */
  static OutsideMethods methods(OptionValues values) {
    List<Asked> asked = new ArrayList<>();
    values
        .find(HTTP_AUTH_URL)
        .map(
            url ->
                new Http(
                    uri(HTTP_AUTH_URL, url, "http", "https"),
                    values.find(HTTP_AUTH_HEADERS).orElse(null),
                    values.find(HTTP_AUTH_BODY).orElse(null),
                    values.find(HTTP_AUTH_CA).orElse(null)))
        .ifPresent(asked::add);
    values.find(LDAP_URL).map(url -> ldap(url, values)).ifPresent(asked::add);
    values.find(SQL_URL).map(url -> sql(url, values)).ifPresent(asked::add);
    values.find(REDIS_URL).map(url -> redis(url, values)).ifPresent(asked::add);
    values.find(EXTENSION).map(words -> extension(words, values)).ifPresent(asked::add);
    return new OutsideMethods(
        asked,
        values.get(OUTSIDE_TIMEOUT),
        values.get(OUTSIDE_QUESTIONS),
        values.get(OUTSIDE_REMEMBERED));
  }

  private static Ldap ldap(String url, OptionValues values) {
    URI uri = uri(LDAP_URL, url, "ldap", "ldaps");
    boolean startTls = values.get(LDAP_START_TLS);
    if (startTls && uri.getScheme().equals("ldaps")) {
      throw new OptionException(LDAP_START_TLS.property() + ": there is TLS already with ldaps://");
    }
    return new Ldap(
        uri,
        startTls,
        values.find(LDAP_CA).orElse(null),
        entries(values),
        values.find(LDAP_BIND_DN).orElse(null),
        values.find(LDAP_BIND_PASSWORD).orElse(null));
  }

  private static LdapEntries entries(OptionValues values) {
    String name = values.find(LDAP_USER_DN).orElse(null);
    String base = values.find(LDAP_SEARCH_BASE).orElse(null);
    if ((name == null) == (base == null)) {
      throw new OptionException(
          LDAP_URL.property() + " needs one of --ldap-user-dn and --ldap-search-base");
    }
    try {
      return name != null
          ? LdapEntries.Named.read(name)
          : LdapEntries.Found.read(
              Objects.requireNonNull(base),
              values.get(LDAP_FILTER),
              values.find(LDAP_USER_ATTRIBUTE).orElse(null));
    } catch (OptionException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new OptionException(LDAP_URL.property() + ": " + e.getMessage());
    }
  }

  private static Sql sql(String url, OptionValues values) {
    if (SECRET_OF_JDBC.matcher(url).find()) {
      throw new OptionException(SQL_URL.property() + ": secrets belong in files, not in a URL");
    }
    return new Sql(
        url,
        values.find(SQL_USER).orElse(null),
        values.find(SQL_PASSWORD).orElse(null),
        query(SQL_QUERY, values.get(SQL_QUERY)),
        values.find(SQL_RULES_QUERY).map(text -> query(SQL_RULES_QUERY, text)).orElse(null));
  }

  private static UserQuery query(Option<String> option, String text) {
    try {
      return UserQuery.read(text);
    } catch (IllegalArgumentException e) {
      throw new OptionException(option.property() + ": " + e.getMessage());
    }
  }

  private static Extension extension(String words, OptionValues values) {
    String[] all = words.split(",", 2);
    Path folder =
        values
            .find(EXTENSIONS)
            .orElseThrow(
                () -> new OptionException(EXTENSION.property() + " needs --extensions DIR"));
    try {
      return new Extension(
          folder, all[0], all.length == 1 ? Map.of() : TokenDemands.readClaims(all[1]));
    } catch (IllegalArgumentException e) {
      throw new OptionException(EXTENSION.property() + ": " + e.getMessage());
    }
  }

  private static Redis redis(String url, OptionValues values) {
    URI uri = uri(REDIS_URL, url, "redis", "rediss");
    if (!uri.getPath().matches("(/\\d{0,4})?")) {
      throw new OptionException(
          REDIS_URL.property() + ": '" + url + "' has no number behind its /");
    }
    try {
      return new Redis(
          uri,
          values.find(REDIS_USER).orElse(null),
          values.find(REDIS_PASSWORD).orElse(null),
          RedisStore.key(values.get(REDIS_KEY)),
          new Fields(
              values.get(REDIS_PASSWORD_FIELD),
              values.get(REDIS_DISABLED_FIELD),
              values.find(REDIS_RULES_FIELD).orElse(null)),
          values.find(REDIS_CA).orElse(null));
    } catch (OptionException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new OptionException(REDIS_KEY.property() + ": " + e.getMessage());
    }
  }

  /** An address without a secret in it. */
  static URI uri(Option<?> option, String text, String... schemes) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException _) {
      throw new OptionException(option.property() + ": '" + text + "' is no URL");
    }
    if (uri.getHost() == null || !List.of(schemes).contains(uri.getScheme())) {
      throw new OptionException(
          option.property()
              + ": '"
              + text
              + "' is not "
              + String.join("://HOST or ", schemes)
              + "://HOST");
    }
    if (uri.getUserInfo() != null) {
      throw new OptionException(option.property() + ": secrets belong in files, not in a URL");
    }
    return uri;
  }
}
