using Confluent.Kafka;
using Npgsql;
using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Debezium.Following;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Tests.Embedded;
using Xunit;

namespace StreamSettle.Connect.Tests.Worker;

/// <summary>A database with the shop's tables and what docs/kafka.md has an administrator make there, a role with no other rights, and the connector that reads it.</summary>
sealed class Shop : IAsyncDisposable
{
    public const int Partitions = 2;

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

    /// <summary>What Debezium has written of its orders until now.</summary>
    public IReadOnlyList<Message<byte[]?, byte[]?>> Orders() => Records.Of(bootstrap, OrdersTopic);

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

    /// <summary>The connector goes, and then the slot. Another test's has a prefix of its own, and so offsets.</summary>
    public async ValueTask DisposeAsync()
    {
        await Client.DeleteAsync(Connector, default);
        await DropSlotAsync(Slot);
        Client.Dispose();
    }

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

    /// <summary>The statements of docs/kafka.md, with this role's name.</summary>
    static string AdministratorsSql(string role) => $"""
        CREATE ROLE {role} LOGIN REPLICATION PASSWORD 'change-me';
        GRANT USAGE ON SCHEMA public TO {role};
        GRANT SELECT ON public.orders, public.merchants, public.promoters TO {role};
        ALTER TABLE public.orders REPLICA IDENTITY FULL;
        CREATE TABLE public.streamsettle_heartbeat (id integer PRIMARY KEY, beat_at timestamptz NOT NULL);
        CREATE TABLE public.streamsettle_signal (id varchar(42) PRIMARY KEY, type varchar(32) NOT NULL, data varchar(2048));
        GRANT SELECT, INSERT, UPDATE ON public.streamsettle_heartbeat TO {role};
        GRANT SELECT, INSERT, DELETE ON public.streamsettle_signal TO {role};
        CREATE PUBLICATION streamsettle FOR TABLE public.orders, public.merchants, public.promoters, public.streamsettle_heartbeat, public.streamsettle_signal;
        """;
}
