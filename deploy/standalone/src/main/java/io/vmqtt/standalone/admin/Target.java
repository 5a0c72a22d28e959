package io.vmqtt.standalone.admin;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Which cluster, and who asks. Said on the command line, else by variables, else by a profile: a
 * file {@code NAME.properties} in {@code ~/.config/vmqtt} with {@code url}, {@code user}, {@code
 * password-file} and {@code ca}, so that several clusters can be at hand.
 *
 * @param url of a registry, or of a broker that is one process
 * @param passwordFile whose first line is the password
 * @param authority who signs the certificate that the API shows, in PEM; null: those of the JDK
 */
record Target(URI url, String user, Path passwordFile, @Nullable Path authority) {
  static final String DEFAULT_URL = "http://127.0.0.1:8090";
  static final String DEFAULT_USER = "admin";

  private static final String URL = "url";
  private static final String USER = "user";
  private static final String PASSWORD_FILE = "password-file";
  private static final String AUTHORITY = "ca";

  /** What was said on the command line; null: nothing. */
  record Said(
      @Nullable String profile,
      @Nullable String url,
      @Nullable String user,
      @Nullable Path passwordFile,
      @Nullable Path authority) {}

  /**
   * Puts it together.
   *
   * @throws IllegalArgumentException if something is missing or cannot be; the message names it
   */
  static Target of(Said said, Map<String, String> variables) {
    Properties profile = profile(said.profile(), variables);
    String url = first(text(said.url()), variables.get("VMQTT_ADMIN_URL"), profile, URL);
    String user = first(text(said.user()), variables.get("VMQTT_ADMIN_USER"), profile, USER);
    String password =
        first(
            text(said.passwordFile()),
            variables.get("VMQTT_ADMIN_PASSWORD_FILE"),
            profile,
            PASSWORD_FILE);
    String authority =
        first(text(said.authority()), variables.get("VMQTT_ADMIN_CA"), profile, AUTHORITY);
    if (password == null) {
      throw new IllegalArgumentException(
          "--password-file FILE is needed, or VMQTT_ADMIN_PASSWORD_FILE, or a profile with"
              + " password-file");
    }
    return new Target(
        address(url == null ? DEFAULT_URL : url),
        user == null ? DEFAULT_USER : user,
        Path.of(password),
        authority == null ? null : Path.of(authority));
  }

  private static @Nullable String text(@Nullable Object said) {
    return said == null ? null : said.toString();
  }

  private static @Nullable String first(
      @Nullable String said, @Nullable String variable, Properties profile, String key) {
    return said != null ? said : variable != null ? variable : profile.getProperty(key);
  }

  private static URI address(String text) {
    try {
      URI url = URI.create(text);
      if (("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
          && url.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--url: '" + text + "' is no address: " + e.getMessage());
    }
    throw new IllegalArgumentException(
        "--url: '" + text + "' is no address such as " + DEFAULT_URL);
  }

  private static Properties profile(@Nullable String name, Map<String, String> variables) {
    Properties profile = new Properties();
    String wanted = name == null ? variables.get("VMQTT_ADMIN_PROFILE") : name;
    if (wanted != null) {
      Path file = folder(variables).resolve(wanted + ".properties");
      try (var in = Files.newBufferedReader(file)) {
        profile.load(in);
      } catch (IOException e) {
        throw new IllegalArgumentException("--profile: " + file + " cannot be read: " + e);
      }
    }
    return profile;
  }

  private static Path folder(Map<String, String> variables) {
    String configuration = variables.get("XDG_CONFIG_HOME");
    return (configuration == null
            ? Path.of(System.getProperty("user.home", "."), ".config")
            : Path.of(configuration))
        .resolve("vmqtt");
  }

  /**
   * The password.
   *
   * @throws IllegalArgumentException if the file cannot be read, or has none
   */
  String password() {
    try {
      String first = Files.readString(passwordFile).lines().findFirst().orElse("");
      if (!first.isEmpty()) {
        return first;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("--password-file: cannot be read: " + e);
    }
    throw new IllegalArgumentException("--password-file: " + passwordFile + " is empty");
  }
}
