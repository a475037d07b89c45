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
        Assert.DoesNotContain("cannot be read", said, StringComparison.Ordinal);
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
    [InlineData("Partitions", "many")]
    [InlineData("Partitions", "99999999999")]
    [InlineData("Downstreams:Split:Ordered", "perhaps")]
    [InlineData("Source:Silence", "10")]
    [InlineData("Settlements:Retention", "24:00:00")]
    [InlineData("Downstreams:TaxRefund:BatchSize", "many")]
    [InlineData("Downstreams:TaxRefund:BaseUrl", "ftp://refunds")]
    [InlineData("Urls", "http://127.0.0.1:1/base")]
    [InlineData("Urls", ";")]
    [InlineData("Logging:Console:FormatterName", "jsn")]
    [InlineData("Logging:LogLevel:Default", "Wran")]
    [InlineData("Logging:Console:FormatterOptions:TimestampFormat", "%")]
    [InlineData("Source:PasswordFile", "  ")]
    [InlineData("Downstreams:Split:ClientCertificate", " ")]
    public async Task A_bad_value_is_refused_with_its_key_and_the_rule(string key, string value)
    {
        await using var world = await NewAsync();
        world.Settings[key] = value;

        var said = await RefusedStart.OfAsync(world, RefusedStart.Mistake, key);
        Assert.True(string.IsNullOrWhiteSpace(value) || key.EndsWith(":Hash", StringComparison.Ordinal) || key.EndsWith(":ConnectionString", StringComparison.Ordinal) || said.Contains(value, StringComparison.Ordinal), said);
        Assert.False(Directory.Exists(world.StateDirectory));
        Assert.Equal(0, await world.SlotsAsync());
    }

    [Fact]
    public async Task A_secret_that_cannot_be_used_is_refused_by_check_and_start_alike_and_never_shown()
    {
        await using var world = await NewAsync();
        var token = Path.Combine(world.Folder, "token");
        await File.WriteAllTextAsync(token, "s3crét\n");
        world.Settings["Downstreams:Tax:Headers:AuthorizationFile"] = token;

        var (code, output, _) = await world.CommandAsync("check");
        Assert.True(code == 1 && output.Contains("fail  credentials for tax: Downstreams:Tax:Headers:AuthorizationFile must name a file", StringComparison.Ordinal), output);
        Assert.DoesNotContain("s3cr", output + await RefusedStart.OfAsync(world, RefusedStart.Mistake, "Downstreams:Tax:Headers:AuthorizationFile must name a file"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(token, "");
        await RefusedStart.OfAsync(world, RefusedStart.Mistake, "Downstreams:Tax:Headers:AuthorizationFile must name a file", "it is empty");

        world.Settings.Remove("Downstreams:Tax:Headers:AuthorizationFile");
        world.Settings["Downstreams:Tax:Headers:X Api"] = "s3cret";
        Assert.DoesNotContain("s3cret", await RefusedStart.OfAsync(world, RefusedStart.Mistake, "Downstreams:Tax:Headers:X Api is no name of a header"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(world.StateDirectory));
    }

    [Theory]
    [InlineData("https://127.0.0.1:0", "certificate")]
    [InlineData("http://localhost:0", "localhost")]
    [InlineData("http://192.0.2.1:8787", "192.0.2.1")]
    public async Task An_address_that_the_web_server_does_not_take_is_refused_by_check_and_start_alike(string url, string says)
    {
        await using var world = await NewAsync();
        world.Settings["Urls"] = url;
        world.Settings["Access:Keys:ops:Hash"] = new('0', 64);

        var (code, output, _) = await world.CommandAsync("check");
        Assert.True(code == 1 && output.Contains($"fail  addresses: Urls: the service cannot listen on {url}", StringComparison.Ordinal), output);
        await RefusedStart.OfAsync(world, RefusedStart.Mistake, $"Urls: the service cannot listen on {url}", says);
    }

    [Fact]
    public async Task What_does_nothing_in_this_release_is_told_and_taken()
    {
        await using var world = await NewAsync();
        world.Settings["Downstreams:TaxRefund:CallbackSecret"] = "0.05";
        var (code, output, _) = await world.CommandAsync("check");
        Assert.True(code == 0 && output.Contains("note  Downstreams:TaxRefund:CallbackSecret does nothing in this release", StringComparison.Ordinal), output);

        await using var service = world.Run();
        await service.ReadyAsync();
        Assert.Contains("Downstreams:TaxRefund:CallbackSecret", Assert.Single(service.Output.Split('\n'), line => line.Contains("settings that do nothing in this release", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_that_go_over_plain_http_are_told_without_them()
    {
        await using var world = await NewAsync();
        world.Settings["Downstreams:Split:BaseUrl"] = world.Settings["Downstreams:Split:BaseUrl"]!.Replace("http://", "http://ann:s3cret@", StringComparison.Ordinal);
        const string says = "Downstreams:Split:BaseUrl gives credentials that go over plain http";
        var (code, output, _) = await world.CommandAsync("check");
        Assert.True(code == 0 && output.Contains("note  " + says, StringComparison.Ordinal), output);

        await using var service = world.Run();
        await service.ReadyAsync();
        Assert.Single(service.Output.Split('\n'), line => line.Contains(says, StringComparison.Ordinal));
        Assert.DoesNotContain("s3cret", output + service.Output, StringComparison.Ordinal);
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
