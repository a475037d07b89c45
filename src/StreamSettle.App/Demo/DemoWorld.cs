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

    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    readonly string folder;

    DemoWorld(string folder, PrivatePostgres postgres, SandboxDownstreams downstreams)
    {
        this.folder = folder;
        Postgres = postgres;
        Downstreams = downstreams;
    }

    public PrivatePostgres Postgres { get; }

    public SandboxDownstreams Downstreams { get; }

    string RulesDirectory => Path.Combine(folder, "rules");

    public static async Task<DemoWorld> StartAsync(CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("streamsettle-demo-").FullName;
        var postgres = await PrivatePostgres.StartAsync(new(), stop);
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
            throw;
        }
    }

    /// <summary>The service's settings, as a user would write them.</summary>
    public IConfiguration Settings(string url)
    {
        Dictionary<string, string?> settings = new()
        {
            ["StateDirectory"] = Path.Combine(folder, "state"),
            ["Source:ConnectionString"] = Postgres.ConnectionString,
            ["Rules:Directory"] = RulesDirectory,
            ["Urls"] = url,
            ["Logging:LogLevel:Default"] = "Warning",
        };
        foreach (var (leg, baseUrl) in Downstreams.BaseUrls)
        {
            settings[$"Downstreams:{leg}:BaseUrl"] = baseUrl.ToString();
            settings[$"Downstreams:{leg}:BatchSize"] = "100";
            settings[$"Downstreams:{leg}:Timeout"] = "00:00:02";
            settings[$"Downstreams:{leg}:RetryBase"] = "00:00:00.2";
            settings[$"Downstreams:{leg}:RetryMax"] = "00:00:02";
        }

        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }

    public Task<ShopSummary> SellAsync(int orders, IProgress<ShopProgress> progress, CancellationToken stop) => SandboxShop.RunAsync(
        new() { Orders = orders, Fates = new() { Poison = PoisonShare }, LateAfter = DemoOptions.Delay + TimeSpan.FromSeconds(4), EarlyWithin = DemoOptions.Delay / 4 },
        Postgres.ConnectionString, TimeProvider.System, progress, stop);

    public Task<AuditReport> AuditAsync(CancellationToken stop) => DemoAuditor.RunAsync(
        new() { SourceConnectionString = Postgres.ConnectionString, RulesDirectory = RulesDirectory, Tolerance = new() { Grace = Grace } },
        Downstreams.Effects.Snapshot(), Downstreams.Stats(), TimeProvider.System, stop);

    public async ValueTask DisposeAsync()
    {
        await Downstreams.DisposeAsync();
        await Postgres.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
