using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Schemas.Tests.Registry;

/// <summary>A registry that is asked with settings of Confluent's client, by their names without its prefix.</summary>
static class RegistryLook
{
    public static RegistryOptions Options(string url, params (string Key, string Value)[] settings) =>
        new() { Client = settings.Select(setting => (Key: RegistryOptions.Prefix + setting.Key, setting.Value)).Append((Key: "schema.registry.url", Value: url)).ToDictionary() };

    /// <summary>Why a registry does not answer; null where it does.</summary>
    /// <param name="secret">What is told by no failure.</param>
    public static async Task<string?> ProblemAsync(string secret, string url, params (string Key, string Value)[] settings)
    {
        var options = Options(url, settings);
        Assert.Empty(options.Problems("SchemaRegistry"));
        using var schemas = new RegistrySchemas(options, TimeProvider.System);
        try
        {
            await schemas.LookAsync();
            return null;
        }
        catch (EnvironmentFailedException away)
        {
            Assert.StartsWith($"the schema registry at {url} cannot be reached: ", away.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, away.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(TestAuthority.Password, away.ToString(), StringComparison.Ordinal);
            return away.Message;
        }
    }
}
