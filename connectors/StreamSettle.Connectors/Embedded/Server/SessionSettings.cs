using Npgsql;

namespace StreamSettle.Connectors.Embedded.Server;

/// <summary>
/// What a session rests on, said with the connection itself: that wins over what <c>ALTER ROLE</c> and <c>ALTER DATABASE</c> set, whatever an administrator
/// chose for the people who use the role.
/// </summary>
internal static class SessionSettings
{
    /// <summary>Names mean what the server's own catalog says; the shop's tables are always named with their schema.</summary>
    public const string SearchPath = "pg_catalog, pg_temp";

    /// <summary>
    /// Text as <see cref="Records.CellJson"/> reads it. Rows that a policy hides are an error, not a shorter copy. Nothing ends a snapshot or a stream for
    /// taking long. A mark is flushed at once, whatever the server's default, and waits for no standby: it would be read before any has it.
    /// </summary>
    public const string Options =
        "-c datestyle=ISO,YMD -c intervalstyle=postgres -c bytea_output=hex -c extra_float_digits=1 -c standard_conforming_strings=on -c row_security=off "
        + "-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c default_transaction_read_only=off "
        + "-c default_transaction_isolation=read\\ committed -c default_transaction_deferrable=off -c synchronous_commit=local";

    /// <summary>Time-outs that not every version has.</summary>
    static readonly string[] Younger = ["idle_session_timeout", "transaction_timeout"];

    /// <summary>Sets what the server's version has beside <see cref="Options"/>, and gives it as options for further connections.</summary>
    public static async Task<string> SetYoungerAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(
            "select coalesce(string_agg(format(' -c %s=0', name), ''), ''), count(set_config(name, '0', false)) from pg_settings where name = any($1)", connection)
        {
            Parameters = { new() { Value = Younger } },
        };
        return (string)(await command.ExecuteScalarAsync(stop).ConfigureAwait(false))!;
    }
}
