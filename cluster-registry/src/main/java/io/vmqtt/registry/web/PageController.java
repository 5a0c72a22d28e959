package io.vmqtt.registry.web;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.Map;

/**
 * {@code GET /}: the page for operators. Anybody may have it, for nothing of the cluster is in it:
 * all that it shows it asks the API for, as the operator who has signed in.
 */
@Hidden
@Controller("/")
final class PageController {
  /**
   * Nothing from elsewhere, nothing in the document itself; but an MQTT client speaks to listeners
   * of WebSockets, which have other ports and may be on other hosts.
   */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
          + "connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; "
          + "frame-ancestors 'none'";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml");

  private final PageFiles files;

  PageController(PageFiles files) {
    this.files = files;
  }

  /** The document; asked for each time, so that a new version is seen at once. */
  @Get
  HttpResponse<byte[]> index() {
    return answer("index.html", files.index(), "no-cache");
  }

  /** What the document is made of; for ever, as another content has another name. */
  @Get("/page/{folder}/{+name}")
  HttpResponse<byte[]> file(@PathVariable String folder, @PathVariable String name) {
    if (!folder.equals(files.folder())) {
      return HttpResponse.notFound();
    }
    return files
        .file(name)
        .<HttpResponse<byte[]>>map(
            content -> answer(name, content, "public, max-age=31536000, immutable"))
        .orElseGet(HttpResponse::notFound);
  }

  private static MutableHttpResponse<byte[]> answer(String name, byte[] content, String caching) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    return HttpResponse.ok(content)
        .contentType(type == null ? MediaType.APPLICATION_OCTET_STREAM : type)
        .header("Cache-Control", caching)
        .header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .header("Cross-Origin-Opener-Policy", "same-origin");
  }
}
