package io.vmqtt.gateway.access.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.outside.StrangeAnswerException;
import io.vmqtt.gateway.access.outside.Template.Variable;
import io.vmqtt.gateway.access.stored.StoredUser;
import io.vmqtt.gateway.access.stored.UserStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Users in a database, found by a query, whose first column is the hash of a user's password, the
 * second, if there is one, whether the user is disabled. Connections are made when they are needed.
 */
public final class SqlStore implements UserStore {
  private static final Duration LEAST_OF_POOL = Duration.ofMillis(250);

  /** Of values that a query makes no sense of: there is no such user. */
  private static final String DATA_EXCEPTION = "22";

  /**
   * Of a database that cannot answer: connection, authorization, resources, operator, system. What
   * else fails may fail for one client alone.
   */
  private static final Set<String> OUTAGES = Set.of("08", "28", "53", "57", "58");

  private final UserQuery query;
  private final @Nullable UserQuery rulesQuery;
  private final int timeoutMillis;
  private final HikariDataSource connections;

  /**
   * Nobody is connected yet.
   *
   * @param url as JDBC has it; the driver for it is beside this program
   * @param user of the database; null: what the URL says
   * @param rulesQuery finds rules of a user's own; null: there are none
   * @throws IllegalArgumentException if there is no driver for it
   */
  public SqlStore(
      String url,
      @Nullable String user,
      UserQuery query,
      @Nullable UserQuery rulesQuery,
      Duration timeout,
      int mostConnections) {
    this.query = query;
    this.rulesQuery = rulesQuery;
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
      throw new IllegalArgumentException("no driver for its URL", e);
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
  public boolean findsByUserName() {
    return query.parameters().contains(Variable.USER_NAME);
  }

  @Override
  public Optional<StoredUser> find(Credentials client) throws SQLException, StrangeAnswerException {
    try (Connection connection = connections.getConnection()) {
      connection.setNetworkTimeout(Runnable::run, timeoutMillis);
      return find(connection, client);
    }
  }

  /** Asks for rules of nobody, too: how long it takes says nothing of who is there. */
  private Optional<StoredUser> find(Connection connection, Credentials client)
      throws SQLException, StrangeAnswerException {
    try {
      OwnRules rules = rulesQuery == null ? null : rules(connection, rulesQuery, client);
      return user(connection, client, rules);
    } catch (SQLException e) {
      if (stateClass(e).equals(DATA_EXCEPTION)) {
        return Optional.empty(); // one of the queries makes no sense of what the client says
      }
      if (isOutage(e)) {
        throw e;
      }
      throw new StrangeAnswerException("fails with SQLSTATE " + e.getSQLState());
    }
  }

  private Optional<StoredUser> user(
      Connection connection, Credentials client, @Nullable OwnRules rules)
      throws SQLException, StrangeAnswerException {
    try (PreparedStatement statement = connection.prepareStatement(query.text())) {
      query.set(statement, client);
      statement.setMaxRows(2);
      try (ResultSet rows = statement.executeQuery()) {
        return user(rows, rules);
      }
    }
  }

  private static OwnRules rules(Connection connection, UserQuery query, Credentials client)
      throws SQLException, StrangeAnswerException {
    try (PreparedStatement statement = connection.prepareStatement(query.text())) {
      query.set(statement, client);
      statement.setMaxRows(OwnRules.MOST + 1);
      try (ResultSet rows = statement.executeQuery()) {
        return RuleRows.read(rows);
      }
    }
  }

  private static boolean isOutage(SQLException e) {
    return e instanceof SQLTimeoutException
        || e.getSQLState() == null
        || OUTAGES.contains(stateClass(e));
  }

  private static String stateClass(SQLException e) {
    String state = e.getSQLState();
    return state == null ? "" : state.substring(0, Math.min(2, state.length()));
  }

  private static Optional<StoredUser> user(ResultSet rows, @Nullable OwnRules rules)
      throws SQLException, StrangeAnswerException {
    if (!rows.next()) {
      return Optional.empty();
    }
    boolean disabled = rows.getMetaData().getColumnCount() > 1 && rows.getBoolean(2);
    StoredUser user = StoredUser.read(rows.getString(1), disabled, rules);
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
