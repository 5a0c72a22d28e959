package io.vmqtt.standalone.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vmqtt admin access}, {@code bans} and {@code namespaces}. */
final class SettingCommands {
  private SettingCommands() {}

  /** One of what operators say for the whole cluster. */
  @Command(
      footer = {
        "",
        "Without an option, what is in force, in YAML. A registry whose own file says it",
        "refuses to change it.",
      })
  abstract static class OfSetting extends OfCluster {
    private final String path;

    @ArgGroup private What what = new What();

    @Option(
        names = "--if-version",
        paramLabel = "VERSION",
        description =
            "Change it only if this is the version in force; the one that is, if left out.")
    private @Nullable Long ifVersion;

    /** What is to be done. */
    static final class What {
      @Option(
          names = "--set",
          paramLabel = "FILE",
          description = "Have this file, in YAML or JSON, be in force.")
      private @Nullable Path file;

      @Option(names = "--versions", description = "List the versions that are kept.")
      private boolean versions;

      @Option(names = "--version-of", paramLabel = "VERSION", description = "Show one of them.")
      private @Nullable Long version;

      @Option(
          names = "--restore",
          paramLabel = "VERSION",
          description = "Have one of them be in force again.")
      private @Nullable Long restored;

      private What() {}
    }

    OfSetting(String path, Map<String, String> variables) {
      super(variables);
      this.path = path;
    }

    @Override
    boolean changes() {
      return what.file != null || what.restored != null;
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      if (ifVersion != null && !changes()) {
        throw wrong("--if-version: is for --set and --restore");
      }
      if (what.versions) {
        versions(client);
      } else if (what.version != null) {
        show(client.ask("GET", path + "/versions/" + what.version, null));
      } else if (what.file != null) {
        changed(client.follow(followed(client), "PUT", path, text(what.file)));
      } else if (what.restored != null) {
        changed(
            client.follow(
                followed(client), "POST", path + "/versions/" + what.restored + "/restore", null));
      } else {
        show(client.ask("GET", path, null));
      }
    }

    private long followed(AdminClient client) throws IOException, InterruptedException {
      return ifVersion == null ? client.ask("GET", path, null).path("version").asLong() : ifVersion;
    }

    private static String text(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw new IllegalArgumentException("--set: " + file + " cannot be read: " + e, e);
      }
    }

    private void versions(AdminClient client) throws IOException, InterruptedException {
      JsonNode answer = client.ask("GET", path + "/versions", null);
      print(
          answer,
          Rows.of("VERSION=/version", "AT=/at", "BY=/by", "FILE=/file").add(answer.path("items")));
    }

    private void changed(JsonNode answer) {
      printLine(answer, "version " + answer.path("version").asText() + " is in force");
    }

    private void show(JsonNode answer) {
      StringBuilder text = new StringBuilder("# version ").append(answer.path("version").asText());
      for (String field : new String[] {"at", "by", "file"}) {
        if (answer.hasNonNull(field)) {
          text.append(", ").append(field).append(' ').append(answer.path(field).asText());
        }
      }
      printLine(answer, text.append('\n').append(yaml(answer.path("content"))).toString());
    }

    private static String yaml(JsonNode content) {
      DumperOptions style = new DumperOptions();
      style.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
      Object plain = AdminClient.JSON.convertValue(content, Object.class);
      return new Yaml(style).dump(plain).stripTrailing();
    }
  }

  /** Rules. */
  @Command(
      name = "access",
      description = "Shows, or changes, the rules of what clients may publish and subscribe.")
  static final class Access extends OfSetting {
    Access(Map<String, String> variables) {
      super("/access", variables);
    }
  }

  /** Bans. */
  @Command(name = "bans", description = "Shows, or changes as a whole, who is banned.")
  static final class AllBans extends OfSetting {
    AllBans(Map<String, String> variables) {
      super("/bans", variables);
    }
  }

  /** Namespaces. */
  @Command(name = "namespaces", description = "Shows, or changes, namespaces and their quotas.")
  static final class Namespaces extends OfSetting {
    Namespaces(Map<String, String> variables) {
      super("/namespaces", variables);
    }
  }
}
