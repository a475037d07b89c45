using Npgsql;
using StreamSettle.App.Configuration;
using StreamSettle.Kernel.Addresses;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Composition;

/// <summary>Looks at everything that the service depends on, without changing anything.</summary>
static class Preflight
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static IEnumerable<(string Name, Func<CancellationToken, Task<string>> Check)> Checks(ServiceOptions options)
    {
        yield return ("rules", _ => Task.FromResult($"{RuleFiles.Load(options.RulesDirectory).Sets.Length} rule sets in {options.RulesDirectory}"));
        yield return ("source", stop => SourceAsync(options.Source.ConnectionString, stop));
        yield return ("event log", stop => EventLogAsync(options.AuditConnectionString, stop));
        foreach (var (leg, downstream) in options.Downstreams)
        {
            yield return ($"downstream {leg.Name()}", stop => DownstreamAsync(new Uri(downstream.BaseUrl), stop));
        }
    }

    static async Task<string> SourceAsync(string connectionString, CancellationToken stop)
    {
        var level = await AskAsync("Source:ConnectionString", connectionString, "select current_setting('wal_level')", stop);
        return level == "logical"
            ? "reached, wal_level is logical"
            : throw new UserMistakeException($"the server's wal_level is {level}: set wal_level = logical in postgresql.conf (or ALTER SYSTEM SET wal_level = logical) and restart it");
    }

    static async Task<string> EventLogAsync(string connectionString, CancellationToken stop) =>
        "reached, " + await AskAsync("Audit:ConnectionString", connectionString, "select version()", stop);

    static async Task<string> AskAsync(string key, string connectionString, string sql, CancellationToken stop)
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Timeout = (int)Patience.TotalSeconds });
            await using var command = source.CreateCommand(sql);
            return (string)(await command.ExecuteScalarAsync(stop))!;
        }
        catch (Exception failure) when (failure is NpgsqlException or ArgumentException or TimeoutException)
        {
            throw new EnvironmentFailedException($"{key} cannot be reached: {failure.Message}", failure);
        }
    }

    /// <summary>Only that something listens: a request of ours could be an effect there.</summary>
    static async Task<string> DownstreamAsync(Uri url, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(url.Host, url.Port, patience.Token);
            return $"{ShownUrl.Of(url)} listens";
        }
        catch (Exception failure) when (failure is System.Net.Sockets.SocketException or OperationCanceledException)
        {
            throw new EnvironmentFailedException($"{ShownUrl.Of(url)} cannot be reached: {failure.Message}", failure);
        }
    }
}
