using System.Text.RegularExpressions;
using Confluent.Kafka;
using Npgsql;
using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Debezium.Following;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Tests.Embedded;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Connect.Tests.Worker;

/// <summary>A database with the shop's tables and what docs/kafka.md has an administrator make there, a role with no other rights, and the connector that reads it.</summary>
sealed partial class Shop : IAsyncDisposable
{
    public const int Partitions = 2;

    const string AdministratorsHeading = "### What a database administrator runs";

    readonly RegistryServer? registry;
    readonly string bootstrap;

    Shop(SourceDatabase database, ConnectClient client, DebeziumOptions options, RegistryServer? registry, string bootstrap)
    {
        this.registry = registry;
        this.bootstrap = bootstrap;
        Database = database;
        Client = client;
        Options = options;
        Operations = new(client, TimeProvider.System, TimeSpan.FromMilliseconds(500));
    }

    /// <summary>As its owner.</summary>
    public SourceDatabase Database { get; }

    public ConnectClient Client { get; }

    public DebeziumOptions Options { get; }

    public ConnectorOperations Operations { get; }

    public string Connector => Options.Connect.Connector;

    public string Slot => "slot_" + Options.Source.TopicPrefix.Replace('-', '_');

    public string OrdersTopic => $"{Options.Source.TopicPrefix}.public.orders";

    /// <summary>Of merchants and promoters.</summary>
    public IReadOnlyList<string> CompactedTopics => [$"{Options.Source.TopicPrefix}.public.merchants", $"{Options.Source.TopicPrefix}.public.promoters"];

    /// <summary>What Debezium has written of its orders until now.</summary>
    public IReadOnlyList<Message<byte[]?, byte[]?>> Orders() => Records.Of(bootstrap, OrdersTopic);

    /// <summary>What Debezium has written of its merchants until now.</summary>
    public IReadOnlyList<Message<byte[]?, byte[]?>> Merchants() => Records.Of(bootstrap, $"{Options.Source.TopicPrefix}.public.merchants");

    public static async Task<Shop> OpenAsync(SourceServer server, ConnectWorker worker, SourceFormat format = SourceFormat.Json, RegistryServer? registry = null)
    {
        var client = await worker.ClientAsync();
        var database = await server.NewShopAsync();
        var name = worker.Broker.NewName("shop");
        var role = name.Replace('-', '_');
        await database.ExecuteAsync(AdministratorsSql(role));
        var source = new EmbeddedCdcOptions
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = role, Password = "change-me" }.ConnectionString,
            TopicPrefix = name, Partitions = Partitions, SlotName = "slot_" + role, StatusInterval = TimeSpan.FromSeconds(1), ReconnectMax = TimeSpan.FromSeconds(1),
        };
        return new(database, client, new(source, new() { Url = worker.Url, Directory = Path.Combine(AppContext.BaseDirectory, "connectors"), Format = format }), registry, worker.Broker.Bootstrap);
    }

    /// <summary>By the file that comes along.</summary>
    /// <param name="more">Settings beside it, or instead.</param>
    public ConnectorDefinition Definition(params (string Key, string Value)[] more)
    {
        var file = new ConnectorFile(Options.Connect.Directory, new ConnectorValues(Options.Source, key => key == "Connect:RegistryUrl" ? registry?.NativeUrl : null).Of).Read(Connector);
        var config = new Dictionary<string, string>(file.Config);
        foreach (var (key, value) in more)
        {
            config[key] = value;
        }

        return new(Connector, config);
    }

    /// <inheritdoc cref="Definition"/>
    public async Task<ConnectorOutcome> ApplyAsync(params (string Key, string Value)[] more)
    {
        var outcome = await Operations.ApplyAsync(Definition(more), TestContext.Current.CancellationToken);
        Assert.True(outcome.Runs, outcome.Status?.Problem);
        return outcome;
    }

    public Task OrderAsync(long id, string amount = "12.5000", string status = "PAID") => Database.ExecuteAsync(
        $"insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status) values ({id},5,'US','USD',{amount},'{status}')");

    public Task MerchantAsync(long id) => Database.ExecuteAsync($"insert into merchants (merchant_id, name, country) values ({id}, 'one of them', 'DE')");

    /// <summary>What Connect has kept of how far Debezium has come is deleted, as an operator may do; then it runs again, and copies the tables as they are then.</summary>
    public async Task ForgetOffsetsAsync(Func<Task> meanwhile)
    {
        using var rest = new HttpClient();
        var connector = new Uri(Options.Connect.Url!, $"connectors/{Connector}/");
        (await rest.PutAsync(new Uri(connector, "stop"), null)).EnsureSuccessStatusCode();
        await Eventually.HoldsAsync(async () => (await rest.DeleteAsync(new Uri(connector, "offsets"))).IsSuccessStatusCode, () => "the offsets are not deleted");
        await meanwhile();
        await Client.ResumeAsync(Connector, default);
    }

    /// <summary>The connector goes, and then the slot. Another test's has a prefix of its own, and so offsets.</summary>
    public async ValueTask DisposeAsync()
    {
        await Client.DeleteAsync(Connector, default);
        await DropSlotAsync(Slot);
        Client.Dispose();
    }

    /// <summary>Past all that was written so far, once nobody reads it.</summary>
    public Task AdvanceSlotAsync() => Eventually.HoldsAsync(
        async () => await Database.ScalarAsync<long>($"select count(*) from (select pg_replication_slot_advance(slot_name, pg_current_wal_lsn()) from pg_replication_slots where slot_name = '{Slot}' and not active) a") == 1,
        () => $"the slot {Slot} is still read");

    /// <summary>Once nobody reads it.</summary>
    public async Task DropSlotAsync(string slot)
    {
        await Database.ExecuteAsync($"select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '{slot}' and active");
        await Eventually.HoldsAsync(
            async () =>
            {
                await Database.ExecuteAsync($"select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '{slot}' and not active");
                return await Database.ScalarAsync<long>($"select count(*) from pg_replication_slots where slot_name = '{slot}'") == 0;
            },
            () => $"the slot {slot} stays");
    }

    /// <summary>What docs/kafka.md gives to an administrator, no more and no less, with this role's name.</summary>
    static string AdministratorsSql(string role)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "kafka.md"));
        var block = page[page.IndexOf(AdministratorsHeading, StringComparison.Ordinal)..].Split("```sql\n")[1].Split("```")[0];
        Assert.Contains("CREATE ROLE streamsettle LOGIN REPLICATION", block, StringComparison.Ordinal);
        return RoleName().Replace(block, $"$1 {role}");
    }

    [GeneratedRegex(@"\b(ROLE|TO|AUTHORIZATION) streamsettle\b")]
    private static partial Regex RoleName();
}
