using System.Globalization;

namespace StreamSettle.Integration.Tests.Around;

/// <summary>Where random tests begin: <c>STREAMSETTLE_SEED</c> repeats a run, and every run prints its own.</summary>
static class Seeds
{
    public static int Next(string test)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("STREAMSETTLE_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next(0xFFFFFF);
        Console.WriteLine($"{test}: STREAMSETTLE_SEED={seed}");
        return seed;
    }
}
