package io.vmqtt.cluster.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.server.types.files.StreamedFile;
import io.vmqtt.cluster.consul.Consul;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.identity.ProvenRoles;
import io.vmqtt.cluster.node.LocalNode;
import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.operation.Download;
import io.vmqtt.cluster.operation.OperationKey;
import io.vmqtt.cluster.operation.OperationRefusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /node/operations/NAME}: what a registry asks of this node for operators, and has it
 * do. Whoever asks has to prove, for this very node, that he knows the key of the cluster; and
 * where HTTP asks for certificates, that he is a registry. In one process nobody asks by HTTP, and
 * this is not there.
 */
@Controller("/node/operations")
@Requires(beans = {LocalNode.class, Consul.class})
final class NodeOperationsController {
  private static final String BEARER = "Bearer ";

  private final LocalNodes nodes;
  private final LocalNode local;
  private final KnownOperationKey key;

  NodeOperationsController(LocalNodes nodes, LocalNode local, KnownOperationKey key) {
    this.nodes = nodes;
    this.local = local;
    this.key = key;
  }

  /** Something large is made, and read, on a thread that may wait, piece by piece. */
  @Post(value = "/{name}", consumes = MediaType.APPLICATION_JSON)
  CompletionStage<? extends HttpResponse<?>> answer(
      HttpRequest<?> request,
      @PathVariable String name,
      @Nullable @Header(HttpHeaders.AUTHORIZATION) String authorization,
      @Body byte[] question) {
    if (!isProven(authorization) || !mayBeRegistry(request)) {
      return said(HttpResponse.unauthorized());
    }
    Answers answers = nodes.answers(local);
    @Nullable Download<?> download = answers.download(name);
    if (download != null) {
      return CompletableFuture.supplyAsync(
          () -> opened(answers, download, question),
          task -> Thread.ofVirtual().name("download-" + name).start(task));
    }
    if (!answers.know(name)) {
      return said(HttpResponse.notFound());
    }
    try {
      return answers
          .ask(name, question)
          .thenApply(
              answer -> HttpResponse.ok(answer).contentType(MediaType.APPLICATION_JSON_TYPE));
    } catch (OperationRefusal e) {
      return said(complaint(HttpStatus.CONFLICT, e));
    } catch (IOException | IllegalArgumentException e) {
      return said(complaint(HttpStatus.BAD_REQUEST, e));
    }
  }

  private static HttpResponse<?> opened(Answers answers, Download<?> download, byte[] question) {
    try {
      return HttpResponse.ok(
          new StreamedFile(
              answers.open(download.name(), question), MediaType.of(download.mediaType())));
    } catch (OperationRefusal e) {
      return complaint(HttpStatus.CONFLICT, e);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return complaint(HttpStatus.BAD_REQUEST, e);
    } catch (IOException e) {
      return complaint(HttpStatus.INTERNAL_SERVER_ERROR, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return complaint(HttpStatus.INTERNAL_SERVER_ERROR, e);
    }
  }

  private static HttpResponse<byte[]> complaint(HttpStatus status, Exception e) {
    byte[] why = String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8);
    return HttpResponse.<byte[]>status(status).body(why).contentType(MediaType.TEXT_PLAIN_TYPE);
  }

  private boolean isProven(@Nullable String authorization) {
    OperationKey known = key.get();
    return known != null
        && authorization != null
        && authorization.startsWith(BEARER)
        && known.isProvenBy(authorization.substring(BEARER.length()), local.id());
  }

  /** Where whoever asks has to show a certificate, it has to be that of a registry. */
  private static boolean mayBeRegistry(HttpRequest<?> request) {
    return request
        .getCertificate()
        .map(
            shown ->
                shown instanceof X509Certificate certificate
                    && ProvenRoles.of(certificate).contains(Role.CLUSTER_REGISTRY))
        .orElse(true);
  }

  private static CompletionStage<HttpResponse<?>> said(HttpResponse<?> response) {
    return CompletableFuture.completedFuture(response);
  }
}
