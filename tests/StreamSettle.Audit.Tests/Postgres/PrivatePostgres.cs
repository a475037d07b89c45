using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace StreamSettle.Audit.Tests.Postgres;

/// <summary>A PostgreSQL of our own in a temporary directory, with fsync on. Ends with its owner.</summary>
public sealed class PrivatePostgres : IDisposable
{
    static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    readonly string directory;
    readonly string binaries;
    readonly int port;
    Process? server;

    PrivatePostgres(string binaries)
    {
        this.binaries = binaries;
        directory = Directory.CreateTempSubdirectory("streamsettle-pg-").FullName;
        port = FreePort();
    }

    public string ConnectionString => $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Timeout=5;Command Timeout=60";

    /// <summary>Where PostgreSQL's programs are; null when it is not installed.</summary>
    public static string? FindBinaries()
    {
        string[] places =
        [
            .. Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")) : [],
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
        ];
        return places.FirstOrDefault(place => File.Exists(Path.Combine(place, "initdb")) && File.Exists(Path.Combine(place, "postgres")));
    }

    public static PrivatePostgres Start(string binaries)
    {
        var postgres = new PrivatePostgres(binaries);
        try
        {
            postgres.Initialise();
            postgres.StartServer();
            return postgres;
        }
        catch
        {
            postgres.Dispose();
            throw;
        }
    }

    /// <summary>As a crash does: all the server's processes at once.</summary>
    public void Kill()
    {
        if (server is { HasExited: false })
        {
            server.Kill(entireProcessTree: true);
            server.WaitForExit();
        }
    }

    /// <summary>After <see cref="Kill"/>: recovers, and takes connections again.</summary>
    public void StartServer()
    {
        File.Delete(Path.Combine(directory, "data", "postmaster.pid"));
        server = Launch("postgres", "-D", Path.Combine(directory, "data"), "-p", $"{port}", "-k", directory, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=50", "-c", "shared_buffers=256MB");
        var started = Stopwatch.StartNew();
        while (!Answers())
        {
            if (server.HasExited || started.Elapsed > StartBound)
            {
                throw new InvalidOperationException($"PostgreSQL in {directory} did not start");
            }

            // The process's exit is what is waited for, with the poll's step as its bound.
            server.WaitForExit(50);
        }
    }

    public void Dispose()
    {
        Kill();
        server?.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    void Initialise()
    {
        if (Environment.UserName == "root")
        {
            using var own = Process.Start("chown", ["postgres:postgres", directory]);
            own.WaitForExit();
        }

        using var initdb = Launch("initdb", "-D", Path.Combine(directory, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        initdb.WaitForExit();
        if (initdb.ExitCode != 0)
        {
            throw new InvalidOperationException($"initdb in {directory} ended with {initdb.ExitCode}");
        }
    }

    /// <summary>PostgreSQL refuses to run as root; setpriv execs, so the process is the program itself.</summary>
    Process Launch(string program, params string[] arguments)
    {
        var path = Path.Combine(binaries, program);
        var start = Environment.UserName == "root"
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        start.WorkingDirectory = directory;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{path} did not start");
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    bool Answers()
    {
        try
        {
            using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
            connection.Open();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
