using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Configured;

/// <summary>A start that must be refused: by exit code, with one clear message, leaving nothing behind.</summary>
static class RefusedStart
{
    /// <summary>The user's mistake, and what the environment lacks.</summary>
    public const int Mistake = 1, Environment = 3;

    /// <returns>What it said.</returns>
    public static async Task<string> OfAsync(World world, int code, params string[] says)
    {
        await using var service = world.Run();
        var exit = await service.ExitAsync();
        Assert.True(exit == code, $"exit {exit}, expected {code}:\n{service.Tail}");
        foreach (var part in says)
        {
            Assert.Contains(part, service.Errors, StringComparison.Ordinal);
        }

        Assert.Single(service.Errors.Split('\n'), line => line.StartsWith("streamsettle: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", service.Errors, StringComparison.Ordinal);
        return service.Errors;
    }
}
