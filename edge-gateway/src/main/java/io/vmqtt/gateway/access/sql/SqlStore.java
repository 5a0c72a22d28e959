package io.vmqtt.gateway.access.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.outside.StrangeAnswerException;
import io.vmqtt.gateway.access.stored.StoredUser;
import io.vmqtt.gateway.access.stored.UserStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Users in a database, found by a query. Connections are made when they are needed. */
public final class SqlStore implements UserStore {
  private static final Duration LEAST_OF_POOL = Duration.ofMillis(250);

  /** Of values that a query makes no sense of: there is no such user. */
  private static final String DATA_EXCEPTION = "22";

  private final UserQuery query;
  private final int timeoutMillis;
  private final HikariDataSource connections;

  /**
   * Nobody is connected yet.
   *
   * @param url as JDBC has it; the driver for it is beside this program
   * @param user of the database; null: what the URL says
   * @throws IllegalArgumentException if there is no driver for it
   */
  public SqlStore(
      String url, @Nullable String user, UserQuery query, Duration timeout, int mostConnections) {
    this.query = query;
    this.timeoutMillis = (int) timeout.toMillis();
    HikariConfig config = new HikariConfig();
    config.setPoolName("sql-users");
    try {
      config.setJdbcUrl(url);
      if (user != null) {
        config.setUsername(user);
      }
      config.setMaximumPoolSize(mostConnections);
      config.setMinimumIdle(0);
      config.setReadOnly(true);
      config.setInitializationFailTimeout(-1); // it need not be there yet
      long millis = Math.max(timeout.toMillis(), LEAST_OF_POOL.toMillis());
      config.setConnectionTimeout(millis);
      config.setValidationTimeout(millis);
      connections = new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("no driver for '" + url + "'", e);
    }
  }

  /** From here on this is the password of the database's user. */
  public void password(String password) {
    connections.setPassword(password);
    if (connections.getHikariPoolMXBean() != null) {
      connections.getHikariPoolMXBean().softEvictConnections();
    }
  }

  @Override
  public String name() {
    return "sql";
  }

  @Override
  public Optional<StoredUser> find(Credentials client) throws SQLException, StrangeAnswerException {
    try (Connection connection = connections.getConnection()) {
      connection.setNetworkTimeout(Runnable::run, timeoutMillis);
      try (PreparedStatement statement = connection.prepareStatement(query.text())) {
        query.set(statement, client);
        statement.setMaxRows(2);
        try (ResultSet rows = statement.executeQuery()) {
          return user(rows);
        }
      }
    } catch (SQLException e) {
      if (e.getSQLState() != null && e.getSQLState().startsWith(DATA_EXCEPTION)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Optional<StoredUser> user(ResultSet rows)
      throws SQLException, StrangeAnswerException {
    if (!rows.next()) {
      return Optional.empty();
    }
    boolean disabled = rows.getMetaData().getColumnCount() > 1 && rows.getBoolean(2);
    StoredUser user = StoredUser.read(rows.getString(1), disabled);
    if (rows.next()) {
      throw new StrangeAnswerException("finds several rows for one user");
    }
    return Optional.of(user);
  }

  @Override
  public void close() {
    connections.close();
  }
}
