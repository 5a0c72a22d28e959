package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.vmqtt.cluster.facts.FromFile;
import io.vmqtt.cluster.facts.Origin;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.registry.settings.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One of what operators say for the whole cluster: its present version, a new one, and those
 * before. Changes name the version that they follow, as {@code ETag} and {@code If-Match}.
 *
 * @param <T> the fact
 */
abstract class SettingController<T extends FromFile<T>> {
  private static final String IF_MATCH = "If-Match";
  private static final Pattern TAG = Pattern.compile("\\*|\"?(\\d{1,18})\"?");

  private final Setting<T> setting;

  SettingController(Setting<T> setting) {
    this.setting = setting;
  }

  /**
   * One version.
   *
   * @param version as a number; 0: nobody has said anything
   * @param at when it was said
   * @param file where it was said, on the machine of a registry; null: over the API
   * @param by the operator who has said it, or whose file it is; null: nobody knows
   * @param readOnly the file that says what it is, and has to be changed instead; null: the API
   *     does
   * @param content what it says, in the words of that file
   */
  @JsonInclude
  record Shown(
      long version,
      @Nullable String at,
      @Nullable String file,
      @Nullable String by,
      @Nullable String readOnly,
      @Nullable JsonNode content) {}

  /** All that are known, the one in force first, without what they say. */
  @JsonInclude
  record Versions(List<Shown> items) {}

  final Setting<T> setting() {
    return setting;
  }

  /**
   * Tells what is in force: its version, who has said it, and what it says. The ETag of the answer
   * is the version, which a change names as If-Match.
   */
  @Get
  @RequiresRole(OperatorRole.VIEWER)
  HttpResponse<Shown> inForce(HttpRequest<?> request) {
    Asking.requireWhole(request);
    return tagged(setting.inForce());
  }

  /** Lists what is in force, and up to ten versions before, without what they say. */
  @Get("/versions")
  @RequiresRole(OperatorRole.VIEWER)
  Versions versions(HttpRequest<?> request) {
    Asking.requireWhole(request);
    List<Shown> all = new ArrayList<>();
    setting.versions().forEach(one -> all.add(shown(one, null)));
    return new Versions(all);
  }

  /** Tells one version, with what it says. */
  @Get("/versions/{version}")
  @RequiresRole(OperatorRole.VIEWER)
  @MayRefuse(404)
  Shown version(HttpRequest<?> request, @PathVariable long version) {
    Asking.requireWhole(request);
    T wanted = found(version);
    return shown(wanted, setting.contentOf(wanted));
  }

  /**
   * Replaces it as a whole, in YAML or JSON, behind the version that If-Match names.
   *
   * @param text as the file of a registry would have it
   */
  @Put
  @RequiresRole(OperatorRole.ADMIN)
  @MayRefuse({409, 412, 428})
  @Parameter(
      name = IF_MATCH,
      in = ParameterIn.HEADER,
      required = true,
      description = "The ETag of the version that the change follows, or * for any",
      schema = @Schema(implementation = String.class))
  @Consumes({"application/yaml", "application/json", "text/plain"})
  @RequestBody(
      description = "As the file of a registry would have it",
      required = true,
      content = {
        @Content(mediaType = "application/yaml", schema = @Schema(implementation = String.class)),
        @Content(mediaType = "application/json", schema = @Schema(type = "object")),
        @Content(mediaType = "text/plain", schema = @Schema(implementation = String.class))
      })
  HttpResponse<Shown> replace(HttpRequest<?> request, @Body String text) {
    Asking.requireWhole(request);
    T wanted = asRequest(() -> setting.read(text));
    return change(request, required(request), _ -> wanted);
  }

  /** Has an earlier version be in force again, behind the version that If-Match names. */
  @Post("/versions/{version}/restore")
  @RequiresRole(OperatorRole.ADMIN)
  @MayRefuse({404, 409, 412, 428})
  @Parameter(
      name = IF_MATCH,
      in = ParameterIn.HEADER,
      required = true,
      description = "The ETag of the version that the change follows, or * for any",
      schema = @Schema(implementation = String.class))
  HttpResponse<Shown> restore(HttpRequest<?> request, @PathVariable long version) {
    Asking.requireWhole(request);
    T wanted = found(version);
    return change(request, required(request), _ -> wanted);
  }

  /**
   * Changes it.
   *
   * @param seen the version that is to be changed; null: whatever there is
   */
  final HttpResponse<Shown> change(
      HttpRequest<?> request, @Nullable Long seen, UnaryOperator<T> change) {
    Asking.requireWhole(request);
    Path file = setting.file();
    if (file != null) {
      throw Problem.conflict("the file " + file + " of the registry says what it is: change that");
    }
    try {
      return tagged(setting.change(seen, change, Asking.of(request).name()));
    } catch (Setting.ChangedMeanwhile e) {
      throw Problem.changedMeanwhile(String.valueOf(e.getMessage()));
    } catch (OptionException e) {
      throw Problem.badRequest(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw Problem.unavailable("nobody knows whether it was changed: " + e.getMessage());
    }
  }

  /** What is made of a request; what cannot be is told to whoever asked. */
  static <V> V asRequest(Supplier<V> made) {
    try {
      return made.get();
    } catch (OptionException e) {
      throw Problem.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private T found(long version) {
    return setting
        .version(version)
        .orElseThrow(() -> Problem.notFound("version " + version + " is not kept (any more)"));
  }

  /** The version that a change has to follow; null: it says that it may be any. */
  private static @Nullable Long required(HttpRequest<?> request) {
    String tag = request.getHeaders().get(IF_MATCH);
    if (tag == null) {
      throw Problem.unconditional(
          "If-Match: say which version it is to follow, as its ETag, or * for any");
    }
    Matcher known = TAG.matcher(tag.strip());
    if (!known.matches()) {
      throw Problem.badRequest("If-Match: is an ETag of this, or *");
    }
    return known.group(1) == null ? null : Long.valueOf(known.group(1));
  }

  private HttpResponse<Shown> tagged(T said) {
    return HttpResponse.ok(shown(said, setting.contentOf(said)))
        .header("ETag", "\"" + said.version() + '"');
  }

  private Shown shown(T said, @Nullable JsonNode content) {
    Origin origin = said.origin();
    Path file = setting.file();
    return new Shown(
        said.version(),
        origin == null ? null : Instant.ofEpochMilli(said.version()).toString(),
        origin == null || origin.isByOperator() ? null : origin.file(),
        origin == null || origin.owner().isEmpty() ? null : origin.owner(),
        file == null ? null : file.toString(),
        content);
  }
}
