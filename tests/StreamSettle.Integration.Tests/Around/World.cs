using Npgsql;
using StreamSettle.Sandbox.Auditing;
using StreamSettle.Sandbox.Auditing.Report;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Downstreams.Faults;
using StreamSettle.Sandbox.Shop;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Integration.Tests.Around;

/// <summary>What is around a service: the shop's database, downstream systems, rules, a folder. Outlives every process of the service.</summary>
sealed class World : IAsyncDisposable
{
    /// <summary>How long news may take from the source to a decision while the machine is busy.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    /// <summary>A program of this size takes some seconds of the processor to begin: on a busy machine a minute.</summary>
    static readonly TimeSpan CommandEndsWithin = TimeSpan.FromMinutes(3);

    /// <summary>From the instant that a row names to its commit.</summary>
    static readonly TimeSpan CommitTakes = TimeSpan.FromSeconds(1);

    readonly DirectoryInfo folder;

    World(DirectoryInfo folder, string connectionString, SandboxDownstreams downstreams, TimeSpan delay)
    {
        this.folder = folder;
        ConnectionString = connectionString;
        Downstreams = downstreams;
        Delay = delay;
        Rules.Write(RulesDirectory, delay);
        Settings = new(StringComparer.OrdinalIgnoreCase)
        {
            ["StateDirectory"] = StateDirectory,
            ["Source:ConnectionString"] = connectionString,
            ["Source:SlotName"] = $"it_{new NpgsqlConnectionStringBuilder(connectionString).Database}",
            ["Rules:Directory"] = RulesDirectory,
            ["Urls"] = "http://127.0.0.1:0",
        };
        foreach (var (leg, url) in downstreams.BaseUrls)
        {
            Settings[$"Downstreams:{leg}:BaseUrl"] = url.ToString();
            Settings[$"Downstreams:{leg}:Timeout"] = "00:00:01.5";
            Settings[$"Downstreams:{leg}:RetryBase"] = "00:00:00.2";
            Settings[$"Downstreams:{leg}:RetryMax"] = "00:00:02";
        }
    }

    public string ConnectionString { get; }

    public SandboxDownstreams Downstreams { get; }

    /// <summary>From completion to mark.</summary>
    public TimeSpan Delay { get; }

    /// <summary>The service's configuration by key; a test may change it.</summary>
    public Dictionary<string, string> Settings { get; }

    public string Folder => folder.FullName;

    public string StateDirectory => Path.Combine(Folder, "state");

    public string RulesDirectory => Path.Combine(Folder, "rules");

    /// <summary>A world around a database: the shop's tables are made in it.</summary>
    public static async Task<World> CreateAsync(string connectionString, TimeSpan delay, FaultPlan? faults = null)
    {
        await using (var database = NpgsqlDataSource.Create(connectionString + ";Pooling=false"))
        {
            await ShopTables.CreateAsync(database);
        }

        var downstreams = await SandboxDownstreams.StartAsync(new() { Faults = faults ?? FaultPlan.None }, TimeProvider.System);
        return new(Directory.CreateTempSubdirectory("streamsettle-it-"), connectionString, downstreams, delay);
    }

    public ServiceProcess Run() => ServiceProcess.Start(Folder, Settings, "run");

    /// <summary>Another command with the same configuration.</summary>
    public ServiceProcess Start(params IReadOnlyList<string> arguments) => ServiceProcess.Start(Folder, Settings, arguments);

    /// <summary>Runs a command to its end.</summary>
    public async Task<(int Code, string Output, string Errors)> CommandAsync(params string[] arguments)
    {
        await using var command = Start(arguments);
        var code = await command.ExitAsync(CommandEndsWithin);
        return (code, command.Output, command.Errors);
    }

    /// <summary>Options of a shop whose early edits come before the mark and whose late ones after it.</summary>
    public ShopOptions Shop(int orders, double perSecond = 0, int seed = 1) => new()
    {
        Orders = orders, RatePerSecond = perSecond, Seed = seed, BatchSize = 50, EarlyWithin = Delay / 4, LateAfter = Delay + TimeSpan.FromSeconds(4),
    };

    public Task<ShopSummary> SellAsync(ShopOptions options, IProgress<ShopProgress>? progress = null) =>
        SandboxShop.RunAsync(options, ConnectionString, TimeProvider.System, progress, TestContext.Current.CancellationToken);

    /// <summary>
    /// How long at most the service was away, or its source: calls that became ready meanwhile can all be sent at once afterwards, the older mark first,
    /// though the log tells different moments of readiness.
    /// </summary>
    public TimeSpan Away { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The service's state was lost and made anew, so what had been answered just before may be recorded later.</summary>
    public bool HasLostState { get; set; }

    /// <summary><c>Source:Silence</c> of the service, 10 s as by default; a world whose marks come sooner needs less, and says so also to the judge.</summary>
    public TimeSpan Silence
    {
        get;
        set
        {
            field = value;
            Settings["Source:Silence"] = value.ToString("c");
        }
    } = TimeSpan.FromSeconds(10);

    /// <summary>The service reaches the shop's database and, by another link, its event log only over links; everybody else goes straight.</summary>
    public (CuttableLink Source, CuttableLink EventLog) Link()
    {
        var straight = new NpgsqlConnectionStringBuilder(ConnectionString);
        var (source, eventLog) = (CuttableLink.To(straight.Port), CuttableLink.To(straight.Port));
        Settings["Source:ConnectionString"] = new NpgsqlConnectionStringBuilder(ConnectionString) { Port = source.Port }.ConnectionString;
        Settings["Audit:ConnectionString"] = new NpgsqlConnectionStringBuilder(ConnectionString) { Port = eventLog.Port }.ConnectionString;
        return (source, eventLog);
    }

    /// <summary>Judges all that has happened, as if it were long ago.</summary>
    Task<AuditReport> AuditAsync() => DemoAuditor.RunAsync(
        new() { SourceConnectionString = ConnectionString, RulesDirectory = RulesDirectory, Tolerance = new() { Grace = Grace, OrderSlack = Away, HasLostState = HasLostState, Silence = Silence + CommitTakes } },
        Downstreams.Effects.Snapshot(), Downstreams.Stats(), new LaterTime(TimeSpan.FromHours(1)));

    /// <summary>Every invariant holds, and there was something to look at for each.</summary>
    public async Task<AuditReport> SoundAsync()
    {
        var report = await AuditAsync();
        Assert.True(report.IsSound, report.ToText());
        Assert.True(report.Findings.Count(finding => finding.Verdict == Verdict.Holds) >= 8, report.ToText());
        return report;
    }

    /// <summary>The first column of the first row.</summary>
    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var database = NpgsqlDataSource.Create(ConnectionString + ";Pooling=false");
        await using var command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var database = NpgsqlDataSource.Create(ConnectionString + ";Pooling=false");
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Slots of this world's database.</summary>
    public Task<long> SlotsAsync() => QueryAsync<long>("select count(*) from pg_replication_slots where database = current_database()");

    public async ValueTask DisposeAsync()
    {
        await Downstreams.DisposeAsync();
        folder.Delete(recursive: true);
    }

    sealed class LaterTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
