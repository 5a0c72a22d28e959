package io.vmqtt.registry.admin;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Answers with problem details. */
@Singleton
final class ProblemHandler implements ExceptionHandler<Problem, HttpResponse<Problem.Details>> {
  static final String TYPE = "application/problem+json";

  @Override
  @SuppressWarnings("rawtypes") // so the interface has it
  public HttpResponse<Problem.Details> handle(HttpRequest request, Problem problem) {
    return response(problem);
  }

  static MutableHttpResponse<Problem.Details> response(Problem problem) {
    MutableHttpResponse<Problem.Details> response =
        HttpResponse.<Problem.Details>status(HttpStatus.valueOf(problem.status()))
            .body(problem.details())
            .contentType(TYPE);
    return problem.status() == HttpStatus.UNAUTHORIZED.getCode()
        ? response.header("WWW-Authenticate", "Bearer realm=\"vmqtt\"")
        : response;
  }
}
