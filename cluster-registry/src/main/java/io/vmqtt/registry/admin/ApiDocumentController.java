package io.vmqtt.registry.admin;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityScheme;

/** {@code /api/v1/openapi.json}: what the API is, for programs, and for who makes some. */
@OpenAPIDefinition(
    info =
        @Info(
            title = "V-MQTT",
            description =
                "What operators see of the whole cluster, and have it do. What is refused is told "
                    + "as problem details (RFC 9457). A list has pages: the `next` of one is the "
                    + "`cursor` of the following, and null on the last. Nodes that did not answer "
                    + "are in `missing`: what is told is without their part.",
            version = "v1"))
@SecurityScheme(
    name = ApiDocument.TOKEN,
    type = SecuritySchemeType.HTTP,
    scheme = "bearer",
    description = "The `token` of `POST /api/v1/login`, which is good for 12 hours.")
@SecurityScheme(
    name = ApiDocument.PASSWORD,
    type = SecuritySchemeType.HTTP,
    scheme = "basic",
    description = "Name and password of an operator.")
@Controller(ApiDocumentController.PATH)
final class ApiDocumentController {
  static final String PATH = "/api/v1/openapi.json";

  private final ApiDocument document;

  ApiDocumentController(ApiDocument document) {
    this.document = document;
  }

  /**
   * Describes this API, as an OpenAPI document. Anybody may have it, for nothing of the cluster is
   * in it.
   */
  @Get
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(
      responseCode = "200",
      description = "This document",
      content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = "object")))
  HttpResponse<byte[]> describe() {
    return HttpResponse.ok(document.json())
        .contentType(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-cache");
  }
}
