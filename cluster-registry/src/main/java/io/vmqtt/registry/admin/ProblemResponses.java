package io.vmqtt.registry.admin;

import io.micronaut.context.annotation.Primary;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.Error;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;

/** What the framework has to refuse is told as problem details, too. */
@Singleton
@Primary
final class ProblemResponses implements ErrorResponseProcessor<Problem.Details> {

  @Override
  public MutableHttpResponse<Problem.Details> processResponse(
      ErrorContext context, MutableHttpResponse<?> response) {
    HttpStatus status = HttpStatus.valueOf(response.code());
    String detail =
        context.getErrors().stream().map(ProblemResponses::text).collect(Collectors.joining("; "));
    return response
        .body(
            new Problem.Details(
                "about:blank",
                status.getReason(),
                status.getCode(),
                detail.isEmpty()
                    ? context.getRequest().getMethodName() + ' ' + context.getRequest().getPath()
                    : detail))
        .contentType(ProblemHandler.TYPE);
  }

  private static String text(Error error) {
    return error.getPath().map(path -> path + ": ").orElse("") + error.getMessage();
  }
}
