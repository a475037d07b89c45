using System.Globalization;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Benchmarks;

/// <summary>Options of a job, <c>--name value</c>.</summary>
static class BenchmarkOptions
{
    const string Dashes = "--";

    /// <exception cref="UserMistakeException">Not pairs of a name and a value.</exception>
    public static IReadOnlyDictionary<string, string> Parse(ReadOnlySpan<string> args)
    {
        var options = new Dictionary<string, string>();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith(Dashes, StringComparison.Ordinal) || i + 1 == args.Length)
            {
                throw new UserMistakeException($"options are pairs, --name value, but '{args[i]}' is not the beginning of one");
            }

            options[args[i][Dashes.Length..]] = args[i + 1];
        }

        return options;
    }

    /// <summary>A count, above 0.</summary>
    /// <exception cref="UserMistakeException">The value is not one.</exception>
    public static int Count(this IReadOnlyDictionary<string, string> options, string name, int otherwise)
    {
        if (!options.TryGetValue(name, out var text))
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new UserMistakeException($"--{name} must be a count above 0, but is '{text}'");
    }

    /// <summary>A share, from 0 to below 1.</summary>
    /// <exception cref="UserMistakeException">The value is not one.</exception>
    public static double Share(this IReadOnlyDictionary<string, string> options, string name, double otherwise)
    {
        if (!options.TryGetValue(name, out var text))
        {
            return otherwise;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share < 1
            ? share
            : throw new UserMistakeException($"--{name} must be a share from 0 to below 1, such as 0.9, but is '{text}'");
    }
}
