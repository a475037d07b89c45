using System.Globalization;
using System.Runtime.CompilerServices;
using CsCheck;

namespace StreamSettle.Tests;

/// <summary>
/// Where random tests begin. What fails names its seed, and <c>STREAMSETTLE_SEED</c> set to it runs that first: a number for tests that live by a seeded
/// generator, and the text that CsCheck prints for all others.
/// </summary>
static class Seeds
{
    const string Variable = "STREAMSETTLE_SEED";

    static readonly string Given = Environment.GetEnvironmentVariable(Variable) ?? "";

    [ModuleInitializer]
    internal static void TakeGiven()
    {
        if (Given.Length > 0 && !IsNumber(out _))
        {
            Check.Seed = Given;
        }
    }

    /// <summary>The given seed or a drawn one, printed.</summary>
    public static int Next(string test)
    {
        var seed = IsNumber(out var given) ? given : new Random().Next(0xFFFFFF);
        Console.WriteLine($"{test}: {Variable}={seed}");
        return seed;
    }

    /// <summary>Runs the body with <paramref name="count"/> seeds, the given one or a drawn one first. Prints where it begins.</summary>
    public static void Each(int count, Action<int> body, [CallerMemberName] string caller = "", [CallerFilePath] string file = "")
    {
        var first = Next($"{Path.GetFileNameWithoutExtension(file)}.{caller}");
        for (var seed = first; seed < first + count; seed++)
        {
            try
            {
                body(seed);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{Variable}={seed}: {failure.Message}", failure);
            }
        }
    }

    static bool IsNumber(out int seed) => int.TryParse(Given, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
}
