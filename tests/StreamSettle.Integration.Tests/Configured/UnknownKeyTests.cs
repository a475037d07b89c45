using Microsoft.Extensions.Configuration;
using StreamSettle.App.Configuration;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Configured;

public class UnknownKeyTests
{
    [Theory]
    [InlineData("Downstreams:Splt:BaseUrl", "Downstreams:Split:BaseUrl")]
    [InlineData("Downstreams:Split:Concurency", "Downstreams:Split:Concurrency")]
    [InlineData("Downstreams:TaxRefund:BaseUri", "Downstreams:TaxRefund:BaseUrl")]
    [InlineData("Downstreams:Split:Breaker:ErorRate", "Downstreams:Split:Breaker:ErrorRate")]
    [InlineData("Source:Silense", "Source:Silence")]
    [InlineData("Source__Topic", "Source:Topic")]
    [InlineData("Setlements:Retention", "Settlements:Retention")]
    [InlineData("Access:Keys:ops:Rol", "Access:Keys:ops:Role")]
    [InlineData("Acces:Keys:ops:Hash", "Access:Keys:ops:Hash")]
    [InlineData("Downstreams:Split:Headers:X:Y", "Downstreams:Split:Headers:<name>")]
    [InlineData("Logging:LogLvel:Default", "Logging:LogLevel:Default")]
    [InlineData("Logging:Console:FormaterName", "Logging:Console:FormatterName")]
    [InlineData("Partition", "Partitions")]
    [InlineData("Urls:0", "Urls")]
    public void A_key_that_nobody_reads_is_refused_with_the_nearest(string key, string meant) =>
        Assert.Contains($"{key} is no setting: did you mean {meant}?", Unknown((key, "1")));

    [Theory]
    [InlineData("Source")]
    [InlineData("Downstreams:Split")]
    [InlineData("Access:Keys:ops")]
    public void A_value_where_a_section_stands_is_refused(string key) => Assert.Contains($"{key} is no setting, but a section", Assert.Single(Unknown((key, "1"))));

    [Fact]
    public void A_key_that_is_like_none_is_refused_without_a_guess() => Assert.Equal(["Telemetry:Endpoint is no setting. Remove it; docs/operations.md lists what there is."], Unknown(("Telemetry:Endpoint", "x")));

    [Theory]
    [InlineData("source:silence")]
    [InlineData("AllowedHosts")]
    [InlineData("$schema")]
    [InlineData("Logging:LogLevel:Microsoft.Hosting.Lifetime")]
    [InlineData("Logging:Debug:LogLevel:Default")]
    [InlineData("Logging:EventLog:SourceName")]
    [InlineData("Logging:Console:FormatterOptions:SingleLine")]
    [InlineData("Kestrel:Certificates:Default:Path")]
    [InlineData("Downstreams:Split:Headers:X-Api-Key")]
    [InlineData("Downstreams:TaxRefund:BaseUrl")]
    [InlineData("Downstreams:Tax:Breaker:Window")]
    [InlineData("Kafka:linger.ms")]
    [InlineData("SchemaRegistry:Url")]
    [InlineData("Access:Keys:ops:Role")]
    public void What_somebody_reads_is_let_through(string key) => Assert.Empty(Unknown((key, "1")));

    [Fact]
    public void An_empty_section_is_no_unknown_key()
    {
        using var json = new MemoryStream("""{"Downstreams":{"Split":{"Headers":{}}},"Access":{"Keys":{}},"Kafka":null}"""u8.ToArray());
        Assert.Empty(UnknownKeys.Of(new ConfigurationBuilder().AddJsonStream(json).Build(), ServiceOptionsReader.Keys()));
    }

    [Theory]
    [InlineData("Source__Silense", true)]
    [InlineData("DOWNSTREAMS__SPLT__BASEURL", true)]
    [InlineData("Setlements__Retention", true)]
    [InlineData("SOURCE", false)]
    [InlineData("SOURCE_DIR", false)]
    [InlineData("CONNECT", false)]
    [InlineData("DOTNET__Something", false)]
    [InlineData("OtherProgram__Source__Silense", false)]
    public async Task Of_the_machines_variables_only_ours_are_looked_at(string variable, bool isOurs)
    {
        var (code, said) = await CheckAsync(new() { [variable] = "1" }, file: null);
        Assert.Equal(1, code);
        Assert.Equal(isOurs, said.Contains($"(environment variable {variable}) is no setting", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(isOurs, said.Contains("is no setting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_unknown_key_is_told_with_where_it_stands_before_what_is_missing()
    {
        var (code, said) = await CheckAsync(
            new() { ["Downstreams__Splt__BaseUrl"] = "http://split" }, """{ "Source": { "Topc": "shop" } }""", "--Source:Silense=00:00:10", "--Rules:Dirctory=x");
        Assert.Equal(1, code);
        var lines = said.Split('\n');
        Assert.Contains(lines, line => line.EndsWith("Downstreams:Splt:BaseUrl (environment variable Downstreams__Splt__BaseUrl) is no setting: did you mean Downstreams:Split:BaseUrl?", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("Source:Topc (", StringComparison.Ordinal) && line.EndsWith("appsettings.json) is no setting: did you mean Source:Topic?", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("Source:Silense (command line) is no setting: did you mean Source:Silence?", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("Rules:Dirctory (command line) is no setting: did you mean Rules:Directory?", StringComparison.Ordinal));
        Assert.True(lines[0].Contains("is no setting", StringComparison.Ordinal), said);
    }

    [Theory]
    [InlineData("order", "1")]
    [InlineData("dead-letters", "list")]
    [InlineData("run")]
    public async Task Every_command_that_is_configured_refuses_them(params string[] arguments)
    {
        await using var command = ServiceProcess.Start(Path.GetTempPath(), new Dictionary<string, string>(), [.. arguments, "--Audit:Schma=x"]);
        Assert.Equal(1, await command.ExitAsync());
        Assert.Contains("Audit:Schma (command line) is no setting: did you mean Audit:Schema?", command.Errors, StringComparison.Ordinal);
    }

    static string[] Unknown(params (string Key, string Value)[] settings) =>
        [.. UnknownKeys.Of(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value)).Build(), ServiceOptionsReader.Keys())];

    static async Task<(int Code, string Errors)> CheckAsync(Dictionary<string, string> variables, string? file, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("streamsettle-keys-");
        try
        {
            if (file is not null)
            {
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, "appsettings.json"), file, TestContext.Current.CancellationToken);
            }

            await using var command = ServiceProcess.Start(folder.FullName, variables, ["check", .. arguments]);
            return (await command.ExitAsync(), command.Errors);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
