using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Configured;

public class ConfigurationTests(TestPostgres postgres)
{
    [Fact]
    public async Task All_missing_keys_are_named_at_once()
    {
        await using var world = await NewAsync();
        world.Settings.Clear();

        var said = await RefusedStart.OfAsync(
            world, RefusedStart.Mistake, "StateDirectory is missing", "Source:ConnectionString is missing", "Rules:Directory is missing", "Downstreams:Split:BaseUrl is missing",
            "environment variable Source__ConnectionString", "Host=db;Database=shop");
        Assert.DoesNotContain(said.Split('\n'), line => line.Contains("''", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Downstreams:Split:BaseUrl", "ftp://split")]
    [InlineData("Downstreams:Tax:BaseUrl", "not a url")]
    [InlineData("Downstreams:Tax:Timeout", "ten")]
    [InlineData("Downstreams:Commission:BatchSize", "5000")]
    [InlineData("Partitions", "0")]
    [InlineData("Urls", "nowhere")]
    [InlineData("Urls", "http://0.0.0.0:1")]
    [InlineData("Source:CompletedSince", "yesterday")]
    [InlineData("Source:ConnectionString", "Nonsense=1")]
    [InlineData("Audit:Schema", "Drop Table")]
    [InlineData("Access:Keys:ops:Hash", "secret")]
    [InlineData("Transport", "Pigeon")]
    public async Task A_bad_value_is_refused_with_its_key_and_the_rule(string key, string value)
    {
        await using var world = await NewAsync();
        world.Settings[key] = value;

        var said = await RefusedStart.OfAsync(world, RefusedStart.Mistake, key);
        Assert.True(key.EndsWith(":Hash", StringComparison.Ordinal) || key.EndsWith(":ConnectionString", StringComparison.Ordinal) || said.Contains(value, StringComparison.Ordinal), said);
        Assert.False(Directory.Exists(world.StateDirectory));
        Assert.Equal(0, await world.SlotsAsync());
    }

    [Fact]
    public async Task Rules_that_are_missing_or_wrong_are_named_with_file_path_and_reason()
    {
        await using var world = await NewAsync();
        world.Settings["Rules:Directory"] = Path.Combine(world.Folder, "nowhere");
        await RefusedStart.OfAsync(world, RefusedStart.Mistake, "Rules:Directory", "nowhere");

        var empty = Directory.CreateDirectory(Path.Combine(world.Folder, "empty")).FullName;
        world.Settings["Rules:Directory"] = empty;
        await RefusedStart.OfAsync(world, RefusedStart.Mistake, "Rules:Directory", empty);

        await File.WriteAllTextAsync(Path.Combine(empty, "bad.json"), """{"version":"1","effectiveFrom":"2020-01-01T00:00:00Z","fees":[{"when":{},"ratePpm":1000001}]}""");
        await RefusedStart.OfAsync(world, RefusedStart.Mistake, "bad.json", "fees[0].ratePpm", "1000000");
        Assert.False(Directory.Exists(world.StateDirectory));
        Assert.Equal(0, await world.SlotsAsync());
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_and_nothing_is_begun()
    {
        await using var world = await NewAsync();
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://{taken.LocalEndpoint}";
        world.Settings["Urls"] = url;

        await RefusedStart.OfAsync(world, RefusedStart.Mistake, "Urls", url, "another address");
        Assert.False(Directory.Exists(world.StateDirectory));
        Assert.Equal(0, await world.SlotsAsync());
    }

    async Task<World> NewAsync() => await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
}
