using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using StreamSettle.Sandbox.Auditing;
using StreamSettle.Sandbox.Auditing.Report;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Downstreams.Faults;
using StreamSettle.Sandbox.Postgres;
using StreamSettle.Sandbox.Shop;

namespace StreamSettle.App.Demo;

/// <summary>What is around the service: a private PostgreSQL, a shop in it, downstream systems that misbehave a little. All in one folder that is gone afterwards.</summary>
sealed class DemoWorld : IAsyncDisposable
{
    /// <summary>Rows that nobody can settle; they end as dead letters.</summary>
    const double PoisonShare = 0.001;

    const int UsualPort = 8787;

    /// <summary>An address of this machine, with a port that the system gives.</summary>
    public const string AnyUrl = "http://127.0.0.1:0";

    DemoWorld(string folder, PrivatePostgres postgres, SandboxDownstreams downstreams)
    {
        Folder = folder;
        Postgres = postgres;
        Downstreams = downstreams;
    }

    /// <summary>For everything that the demo keeps; gone with it.</summary>
    public string Folder { get; }

    public PrivatePostgres Postgres { get; }

    public SandboxDownstreams Downstreams { get; }

    string RulesDirectory => Path.Combine(Folder, "rules");

    public static async Task<DemoWorld> StartAsync(CancellationToken stop)
    {
        var postgres = await PrivatePostgres.StartAsync(new(), stop);
        var folder = Directory.CreateTempSubdirectory("streamsettle-demo-").FullName;
        try
        {
            await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
            await ShopTables.CreateAsync(database, stop);
            DemoRules.Write(Path.Combine(folder, "rules"));
            return new(folder, postgres, await SandboxDownstreams.StartAsync(new() { Faults = FaultPlan.Gentle }, TimeProvider.System, stop));
        }
        catch
        {
            await postgres.DisposeAsync();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>An operator's key that nobody else has; it ends with the demo.</summary>
    public string Key { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Writes a file with what other commands need to ask the service and its event log.</summary>
    /// <param name="address">Where the service listens.</param>
    /// <param name="more">Further settings.</param>
    /// <returns>Its path.</returns>
    public string WriteSettingsFile(string address, IReadOnlyDictionary<string, string?> more) => SettingsFile.Write(
        Folder, "demo", new Dictionary<string, string?>(more) { ["Urls"] = address, ["STREAMSETTLE_KEY"] = Key, ["Source:ConnectionString"] = Postgres.ConnectionString });

    /// <summary>Where the service usually listens; while another has that port, the system gives one.</summary>
    public static string UsualUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, UsualPort);
        try
        {
            listener.Start();
            return $"http://127.0.0.1:{UsualPort}";
        }
        catch (SocketException)
        {
            return AnyUrl;
        }
    }

    /// <summary>The service's settings, as a user would write them.</summary>
    /// <param name="state">The name of its state directory.</param>
    public Dictionary<string, string?> Settings(string state, string url)
    {
        Dictionary<string, string?> settings = new()
        {
            ["StateDirectory"] = Path.Combine(Folder, state),
            ["Source:ConnectionString"] = Postgres.ConnectionString,
            ["Rules:Directory"] = RulesDirectory,
            ["Urls"] = url,
            ["Access:Keys:demo:Hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key))),
            ["Access:Keys:demo:Role"] = "Operator",
            ["Access:OpenLocally"] = "true",
            ["Logging:LogLevel:Default"] = "Error",
        };
        foreach (var (leg, baseUrl) in Downstreams.BaseUrls)
        {
            settings[$"Downstreams:{leg}:BaseUrl"] = baseUrl.ToString();
            settings[$"Downstreams:{leg}:BatchSize"] = "100";
            settings[$"Downstreams:{leg}:Timeout"] = "00:00:02";
            settings[$"Downstreams:{leg}:RetryBase"] = "00:00:00.2";
            settings[$"Downstreams:{leg}:RetryMax"] = "00:00:02";
        }

        return settings;
    }

    public Task<ShopSummary> SellAsync(int orders, IProgress<ShopProgress> progress, CancellationToken stop) => SandboxShop.RunAsync(
        new() { Orders = orders, Fates = new() { Poison = PoisonShare }, LateAfter = DemoOptions.Delay + TimeSpan.FromSeconds(4), EarlyWithin = DemoOptions.Delay / 4 },
        Postgres.ConnectionString, TimeProvider.System, progress, stop);

    public Task<AuditReport> AuditAsync(AuditOptions tolerance, CancellationToken stop) => DemoAuditor.RunAsync(
        new() { SourceConnectionString = Postgres.ConnectionString, RulesDirectory = RulesDirectory, Tolerance = tolerance },
        Downstreams.Effects.Snapshot(), Downstreams.Stats(), TimeProvider.System, stop);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Downstreams.DisposeAsync();
        }
        finally
        {
            await Postgres.DisposeAsync();
            Directory.Delete(Folder, recursive: true);
        }
    }
}
