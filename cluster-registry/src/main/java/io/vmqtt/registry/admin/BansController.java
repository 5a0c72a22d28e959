package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.vmqtt.cluster.bans.Ban;
import io.vmqtt.cluster.bans.Banned;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.cluster.bans.Pardon;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.model.Namespace;
import io.vmqtt.registry.settings.Setting;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/bans}: who is kept out whatever he can prove, one by one and as a whole. */
@Controller("/api/v1/bans")
@ExecuteOn(TaskExecutors.BLOCKING)
final class BansController extends SettingController<Bans> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BANS = "bans";
  private static final String PARDONS = "pardons";

  BansController(Setting<Bans> setting) {
    super(setting);
  }

  /**
   * How a ban is sent: as in the file of bans, which reads it.
   *
   * @param clientId this, {@code user} or {@code address}: one of them
   * @param address an address, or a network
   * @param namespace where; everywhere if left out
   * @param reason for people
   * @param until ISO-8601; for ever if left out
   */
  record BanWanted(
      @JsonProperty("client-id") @Nullable String clientId,
      @Nullable String user,
      @Nullable String address,
      @Nullable String namespace,
      @Nullable String reason,
      @Nullable String until) {}

  /**
   * How a pardon is sent, the same way.
   *
   * @param clientId this, {@code user} or {@code address}: one of them
   * @param address an address, or a network
   * @param reason for people
   */
  record PardonWanted(
      @JsonProperty("client-id") @Nullable String clientId,
      @Nullable String user,
      @Nullable String address,
      @Nullable String reason) {}

  /**
   * Bans a client id, a user or an address, in the place of an earlier ban of the same.
   *
   * @param ban as it stands in the file of bans: client-id, user or address; namespace, reason,
   *     until. Who asks is who has said it, now
   */
  @Post
  @RequiresRole(OperatorRole.OPERATOR)
  @MayRefuse(409)
  @RequestBody(
      description = "As in the file of bans",
      required = true,
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = BanWanted.class)))
  HttpResponse<Shown> ban(HttpRequest<?> request, @Body ObjectNode ban) {
    Asking.requireWhole(request);
    ban.put("by", Asking.of(request).name());
    ban.put("since", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    Ban wanted = read(BANS, ban).all().getFirst();
    if (wanted.hasEnded(Instant.now())) {
      throw Problem.badRequest("until: is over");
    }
    return change(
        request,
        null,
        before -> {
          List<Ban> all = without(before, wanted.who(), wanted.namespace());
          all.add(wanted);
          return new Bans(0, all, lasting(before));
        });
  }

  /**
   * Takes a ban back.
   *
   * @param clientId this, {@code user} or {@code address}, as it was banned
   * @param namespace as it was banned; left out: everywhere
   */
  @Delete
  @RequiresRole(OperatorRole.OPERATOR)
  @MayRefuse({404, 409})
  HttpResponse<Shown> unban(
      HttpRequest<?> request,
      @Nullable @QueryValue String clientId,
      @Nullable @QueryValue String user,
      @Nullable @QueryValue String address,
      @Nullable @QueryValue String namespace) {
    Asking.requireWhole(request);
    Banned who = banned(clientId, user, address);
    Namespace where =
        namespace == null ? null : Problem.inBadRequest("namespace", () -> Namespace.of(namespace));
    if (setting().inForce().all().stream().noneMatch(ban -> ban.isAboutTheSameAs(who, where))) {
      throw Problem.notFound(who.label() + " '" + who.text() + "' is not banned there");
    }
    return change(
        request, null, before -> new Bans(0, without(before, who, where), lasting(before)));
  }

  /**
   * Takes hold-offs back.
   *
   * @param pardon as it stands in the file of bans: client-id, user or address; reason
   */
  @Post("/pardons")
  @RequiresRole(OperatorRole.OPERATOR)
  @MayRefuse(409)
  @RequestBody(
      description = "As in the file of bans",
      required = true,
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = PardonWanted.class)))
  HttpResponse<Shown> pardon(HttpRequest<?> request, @Body ObjectNode pardon) {
    Asking.requireWhole(request);
    pardon.put("by", Asking.of(request).name());
    pardon.put("at", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    Pardon wanted = read(PARDONS, pardon).pardons().getFirst();
    return change(
        request,
        null,
        before -> {
          List<Pardon> all = new ArrayList<>(lasting(before));
          all.removeIf(one -> one.who().equals(wanted.who()));
          all.add(wanted);
          return new Bans(0, lastingBans(before), all);
        });
  }

  /**
   * One entry of a section, as the file of bans would be read. What is null is not said: in YAML it
   * would be that word.
   */
  private Bans read(String section, ObjectNode entry) {
    entry.properties().removeIf(line -> line.getValue().isNull());
    ObjectNode whole = JSON.createObjectNode();
    whole.putArray(section).add(entry);
    return asRequest(() -> setting().read(whole.toString()));
  }

  private static Banned banned(
      @Nullable String clientId, @Nullable String user, @Nullable String address) {
    Map<String, @Nullable String> said = new LinkedHashMap<>();
    said.put("client-id", clientId);
    said.put("user", user);
    said.put("address", address);
    said.values().removeIf(value -> value == null);
    if (said.size() != 1) {
      throw Problem.badRequest("clientId, user, address: one of them is needed");
    }
    Map.Entry<String, @Nullable String> one = said.entrySet().iterator().next();
    String value = one.getValue();
    return Problem.inBadRequest(
        one.getKey(), () -> Banned.of(one.getKey(), value == null ? "" : value));
  }

  private static List<Ban> without(Bans bans, Banned who, @Nullable Namespace where) {
    List<Ban> all = new ArrayList<>(lastingBans(bans));
    all.removeIf(ban -> ban.isAboutTheSameAs(who, where));
    return all;
  }

  /** What has ended is said no more. */
  private static List<Ban> lastingBans(Bans bans) {
    Instant now = Instant.now();
    return bans.all().stream().filter(ban -> !ban.hasEnded(now)).toList();
  }

  private static List<Pardon> lasting(Bans bans) {
    Instant now = Instant.now();
    return bans.pardons().stream().filter(pardon -> !pardon.hasEnded(now)).toList();
  }
}
