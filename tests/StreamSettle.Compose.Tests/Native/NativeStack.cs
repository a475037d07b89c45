using System.Text.Json.Nodes;
using Npgsql;
using StreamSettle.Compose.Tests.Files;
using StreamSettle.Compose.Tests.Images;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Kafka;
using StreamSettle.Sandbox.Postgres;
using Xunit;

namespace StreamSettle.Compose.Tests.Native;

/// <summary>PostgreSQL, Kafka and Connect as docker-compose.yml wants them, started without containers: its settings, with other places (<see cref="Places"/>).</summary>
sealed class NativeStack : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("streamsettle-stack-").FullName;
    readonly Checkout checkout = new();
    readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };
    readonly string home;
    PrivatePostgres? postgres;
    NativeProgram? broker;
    NativeProgram? connect;

    NativeStack()
    {
        home = KafkaHome.WholeFolder(SharedPrograms.KafkaHomeFolder, folder);
        Places = new(folder, checkout);
    }

    public ComposeFile Compose { get; private set; } = null!;

    public Places Places { get; }

    /// <summary>What the broker's health check found as soon as it had started.</summary>
    public bool BrokerIsHealthy { get; private set; }

    /// <summary>As the database's owner.</summary>
    public string ShopConnection => postgres!.ConnectionString;

    public static async Task<NativeStack> StartAsync()
    {
        var stack = new NativeStack();
        try
        {
            await stack.checkout.PrepareAsync("--demo");
            stack.checkout.HurryDemoRules();
            stack.Compose = ComposeFile.Read(new Dictionary<string, string>(EnvExample.Read(stack.checkout.EnvFile)) { ["ORDERS"] = "20" });
            await Task.WhenAll(stack.StartPostgresAsync(), stack.StartBrokerAsync());
            await Task.WhenAll(stack.StartConnectAsync(), stack.CheckBrokerAsync());
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>A service of our image, by its entry point, command and environment.</summary>
    public NativeProgram Run(string service)
    {
        string[] words = [.. Compose.List(service, "entrypoint"), .. Compose.List(service, "command")];
        string[] whole = Compose.List(service, "entrypoint").Count > 0 ? words : [Path.Combine(AppContext.BaseDirectory, "streamsettle"), .. words];
        return NativeProgram.Start(whole[0], [.. whole.Skip(1).Select(Places.Replace)], Places.Replace(Compose.Environment(service)), folder);
    }

    /// <summary>What the service's own health check says of it.</summary>
    public async Task<bool> IsHealthyAsync()
    {
        var test = Compose.Service("streamsettle")["healthcheck"]!["test"]!.AsArray().Select(word => Places.Replace(word!.GetValue<string>())).ToArray();
        await using var check = NativeProgram.Start(test[1], test[2..], new Dictionary<string, string>());
        return await check.ExitAsync() == 0;
    }

    /// <summary>What the service's API answers to who has the operator's key; null while it does not.</summary>
    public async Task<JsonNode?> StatusAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Places.ServiceUrl, "/api/v1/status"));
        request.Headers.Authorization = new("Bearer", checkout.Secret("operator_key"));
        return await AnswerAsync(request) is { } text ? JsonNode.Parse(text) : null;
    }

    /// <summary>What Connect's REST interface answers; null while it does not.</summary>
    public async Task<string?> AskConnectAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Places.ConnectUrl, path));
        return await AnswerAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        foreach (var program in new[] { connect, broker })
        {
            await (program?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        await (postgres?.DisposeAsync() ?? ValueTask.CompletedTask);
        checkout.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    async Task<string?> AnswerAsync(HttpRequestMessage request)
    {
        try
        {
            using var answer = await http.SendAsync(request);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : null;
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>A first start as the image's: the server with the file's settings, then the scripts of docker-entrypoint-initdb.d in the order of their names, by psql.</summary>
    async Task StartPostgresAsync()
    {
        var command = Compose.List("postgres", "command").ToList();
        Assert.Equal("postgres", command[0]);
        var settings = command.Skip(1).Chunk(2).Select(pair => pair[0] == "-c" ? pair[1].Split('=', 2) : throw new InvalidOperationException(pair[0])).ToDictionary(pair => pair[0], pair => pair[1]);
        postgres = await PrivatePostgres.StartAsync(new() { Durable = false, Port = Places.Postgres, SharedBuffersMb = 32, Settings = settings });
        var mounted = Compose.List("postgres", "volumes").Single(volume => volume.Contains(":/docker-entrypoint-initdb.d", StringComparison.Ordinal)).Split(':')[0];
        var connection = await OwnerAsync(new NpgsqlConnectionStringBuilder(postgres.ConnectionString));
        var environment = Compose.Environment("postgres").ToDictionary(pair => pair.Key, pair => pair.Value.Replace("/run/secrets", checkout.SecretsFolder, StringComparison.Ordinal));
        environment["PGPASSWORD"] = connection.Password!;
        foreach (var script in Directory.EnumerateFiles(Path.Combine(Repository.Root, mounted)).Order(StringComparer.Ordinal))
        {
            Assert.EndsWith(".sql", script, StringComparison.Ordinal);
            string[] arguments = ["-v", "ON_ERROR_STOP=1", "--no-password", "--no-psqlrc", $"--host={connection.Host}", $"--port={connection.Port}", $"--username={connection.Username}", $"--dbname={connection.Database}", "-f", script];
            await using var psql = NativeProgram.Start("psql", arguments, environment);
            Assert.True(await psql.ExitAsync() == 0, psql.Tail);
        }
    }

    /// <summary>Whom the image makes: the superuser by the name and with the password that the file gives.</summary>
    async Task<NpgsqlConnectionStringBuilder> OwnerAsync(NpgsqlConnectionStringBuilder connection)
    {
        var (name, password) = (Compose.Environment("postgres")["POSTGRES_USER"], checkout.Secret("shop_password"));
        await using var server = NpgsqlDataSource.Create(connection.ConnectionString);
        await using var make = server.CreateCommand($"create role {name} superuser login password '{password}'; alter database {connection.Database} owner to {name}");
        await make.ExecuteNonQueryAsync();
        return new(connection.ConnectionString) { Username = name, Password = password };
    }

    async Task StartBrokerAsync()
    {
        var environment = Compose.Environment("kafka");
        var settings = await WriteAsync("server.properties", Places.Replace(KafkaImage.Properties(environment)));
        await using (var format = NativeProgram.Start(Bin("kafka-storage.sh"), ["format", $"--cluster-id={environment["CLUSTER_ID"]}", "-c", settings], JavaSettings()))
        {
            Assert.True(await format.ExitAsync() == 0, format.Tail);
        }

        broker = NativeProgram.Start(Bin(KafkaHome.ServerStart), [settings], JavaSettings());
        await broker.ReadyAsync(() => Task.FromResult(broker.HasSaid("Kafka Server started")), "the broker starts");
    }

    async Task CheckBrokerAsync()
    {
        var test = Compose.Service("kafka")["healthcheck"]!["test"]!.AsArray().Select(word => word!.GetValue<string>()
            .Replace("/opt/kafka", home, StringComparison.Ordinal).Replace("127.0.0.1:9092", Places.BrokerAddress, StringComparison.Ordinal)).ToArray();
        await using var check = NativeProgram.Start(test[1], test[2..], JavaSettings());
        BrokerIsHealthy = await check.ExitAsync() == 0;
    }

    async Task StartConnectAsync()
    {
        var settings = await WriteAsync("connect-distributed.properties", Places.Replace(DebeziumConnectImage.Properties(Compose.Environment("connect"))));
        connect = NativeProgram.Start(Bin("connect-distributed.sh"), [settings], JavaSettings());

        // The health check's own question; not before, for it logs each.
        await connect.ReadyAsync(async () => connect.HasSaid("Finished starting connectors and tasks") && await AskConnectAsync("/connectors") is not null, "Connect answers");
    }

    async Task<string> WriteAsync(string name, Dictionary<string, string> properties)
    {
        var path = Path.Combine(folder, name);
        await File.WriteAllLinesAsync(path, properties.Select(pair => $"{pair.Key}={pair.Value}"));
        return path;
    }

    string Bin(string program) => Path.Combine(home, "bin", program);

    /// <summary>Small, and quick to start: memory and compiler of the machine that tests, not of the containers.</summary>
    Dictionary<string, string> JavaSettings() => new() { ["KAFKA_HEAP_OPTS"] = "-Xmx512m", ["KAFKA_JIT_LEVEL"] = "1", ["LOG_DIR"] = Path.Combine(folder, "java-logs") };
}
