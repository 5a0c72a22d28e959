package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Why a request is not answered as it was asked, for problem details (RFC 9457). */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String title;

  private Problem(int status, String title, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.title = title;
  }

  static Problem badRequest(String detail) {
    return new Problem(400, "Bad request", detail);
  }

  /** What cannot be made of what somebody asked, who is told so under the name of a parameter. */
  static <T> T inBadRequest(String parameter, Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw badRequest(parameter + ": " + e.getMessage());
    }
  }

  static Problem notFound(String detail) {
    return new Problem(404, "Not found", detail);
  }

  static Problem forbidden(String detail) {
    return new Problem(403, "Forbidden", detail);
  }

  static Problem unauthorized(String detail) {
    return new Problem(401, "Unauthorized", detail);
  }

  static Problem conflict(String detail) {
    return new Problem(409, "Conflict", detail);
  }

  static Problem changedMeanwhile(String detail) {
    return new Problem(412, "Precondition failed", detail);
  }

  static Problem unconditional(String detail) {
    return new Problem(428, "Precondition required", detail);
  }

  static Problem tooMany(String detail) {
    return new Problem(429, "Too many requests", detail);
  }

  static Problem unavailable(String detail) {
    return new Problem(503, "Unavailable", detail);
  }

  int status() {
    return status;
  }

  Details details() {
    return new Details("about:blank", title, status, getMessage());
  }

  /**
   * As the body of an answer.
   *
   * @param type {@code about:blank}: the status says what it is
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Details(String type, String title, int status, @Nullable String detail) {}
}
