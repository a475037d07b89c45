using System.Net;
using Npgsql;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Programs;

namespace StreamSettle.Sandbox.Postgres;

/// <summary>
/// A PostgreSQL of our own for the demo and for tests: loopback only, a password that only this machine's folder knows, <c>wal_level=logical</c>.
/// Stops with its owner; what a killed owner left running is stopped by the next one in the same folder.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    const string SuperUser = "postgres";
    const int StartSeconds = 60;

    readonly PrivatePostgresOptions options;
    readonly ServerPrograms programs;
    readonly ServerDirectory directory;
    bool running;

    PrivatePostgres(PrivatePostgresOptions options, ServerPrograms programs, ServerDirectory directory) =>
        (this.options, this.programs, this.directory) = (options, programs, directory);

    /// <summary>TCP port on 127.0.0.1; stays the same over restarts.</summary>
    public int Port { get; private set; }

    /// <summary>Where it lives; <c>log</c> in it is the server's log.</summary>
    public string Directory => directory.Path;

    /// <summary>Of <see cref="PrivatePostgresOptions.Database"/>, as the superuser.</summary>
    public string ConnectionString => ConnectionStringFor(options.Database);

    /// <summary>Starts a server, or goes on with the one that an earlier run left in the folder.</summary>
    /// <exception cref="UserMistakeException">Not installed, a folder that is taken or unreachable, options out of range.</exception>
    /// <exception cref="EnvironmentFailedException">It does not start; the message holds the end of its log.</exception>
    public static async Task<PrivatePostgres> StartAsync(PrivatePostgresOptions options, CancellationToken cancellation = default)
    {
        if (options.Problems("Postgres").ToArray() is { Length: > 0 } problems)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, problems));
        }

        var binaries = PostgresBinaries.Find();
        var programs = new ServerPrograms(binaries);
        var server = new PrivatePostgres(options, programs, ServerDirectory.Open(options.Directory));
        try
        {
            await server.PrepareAsync(binaries, cancellation);
            await server.StartOnFreePortAsync(cancellation);
            await server.CreateDatabaseAsync(options.Database, cancellation);
            return server;
        }
        catch
        {
            await server.AbandonAsync();
            throw;
        }
    }

    /// <summary>The connection string of another database of this server.</summary>
    public string ConnectionStringFor(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = IPAddress.Loopback.ToString(), Port = Port, Username = SuperUser, Password = directory.Password, Database = database,
    }.ConnectionString;

    /// <summary>Makes a database unless it is there, and gives its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancellation = default)
    {
        await using var connection = new NpgsqlConnection(ConnectionStringFor("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellation);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = name } } };
        if (await exists.ExecuteScalarAsync(cancellation) is null)
        {
            await using var create = new NpgsqlCommand($"create database \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
            await create.ExecuteNonQueryAsync(cancellation);
        }

        return ConnectionStringFor(name);
    }

    /// <summary>Ends the server: <paramref name="crash"/> false rolls back what is open and writes a checkpoint, true stops it at once as a power cut would.</summary>
    public async Task StopAsync(bool crash = false, CancellationToken cancellation = default)
    {
        if (running)
        {
            running = false;
            await programs.RunAsync("pg_ctl", ["stop", "-D", directory.Data, "-w", "-m", crash ? "immediate" : "fast"], directory.Path, cancellation);
        }
    }

    /// <summary>Starts it again after <see cref="StopAsync"/>, on the same port.</summary>
    public Task StartAgainAsync(CancellationToken cancellation = default) => running ? Task.CompletedTask : StartServerAsync(Port, cancellation);

    /// <summary>Stops and starts it, on the same port.</summary>
    public async Task RestartAsync(bool crash = false, CancellationToken cancellation = default)
    {
        await StopAsync(crash, cancellation);
        await StartAgainAsync(cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            directory.Dispose();
        }
    }

    /// <summary>A start that was cancelled or timed out may have left a server behind.</summary>
    async Task AbandonAsync()
    {
        running = false;
        await programs.SucceedsAsync("pg_ctl", ["stop", "-D", directory.Data, "-w", "-m", "immediate"], directory.Path, CancellationToken.None);
        directory.Dispose();
    }

    async Task PrepareAsync(string binaries, CancellationToken cancellation)
    {
        await programs.HandOverAsync(directory.Path, cancellation);
        if (directory.HasData && await programs.SucceedsAsync("pg_ctl", ["status", "-D", directory.Data], directory.Path, cancellation))
        {
            running = true;
            await StopAsync(crash: false, cancellation);
        }

        if (options.Fresh)
        {
            directory.DeleteData();
        }

        if (directory.HasData)
        {
            directory.RequireVersion(binaries);
            return;
        }

        directory.DeleteData();
        directory.WritePassword();
        await programs.HandOverAsync(directory.PasswordFile, cancellation);
        await programs.RunAsync(
            "initdb",
            ["-D", directory.Data, "-U", SuperUser, "--pwfile", directory.PasswordFile, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", .. options.Durable ? Array.Empty<string>() : ["--no-sync"]],
            directory.Path,
            cancellation);
    }

    async Task StartOnFreePortAsync(CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var port = options.Port == 0 ? FreePort.Find() : options.Port;
            try
            {
                await StartServerAsync(port, cancellation);
                return;
            }
            catch (EnvironmentFailedException) when (options.Port == 0 && tries < FreePort.MostAttempts && LogEnd().Contains(FreePort.Taken, StringComparison.Ordinal))
            {
                // Somebody took the port between our looking and the server's binding it.
            }
        }
    }

    async Task StartServerAsync(int port, CancellationToken cancellation)
    {
        Port = port;
        var settings = ServerSettings.CommandLine(options, port, directory.SocketFolder);
        try
        {
            await programs.RunAsync(
                "pg_ctl", ["start", "-D", directory.Data, "-w", "-t", $"{StartSeconds}", "-l", directory.Log, "-o", settings], directory.Path, cancellation);
        }
        catch (EnvironmentFailedException failed)
        {
            throw new EnvironmentFailedException($"PostgreSQL did not start in {directory.Path}: {failed.Message}\n{LogEnd()}", failed);
        }

        running = true;
    }

    string LogEnd()
    {
        const int Lines = 12;
        return File.Exists(directory.Log) ? string.Join('\n', File.ReadLines(directory.Log).TakeLast(Lines)) : "";
    }
}
