using System.Globalization;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Configuration;

/// <summary>Reads typed values and collects every mistake with key, value and rule, so that one start names them all.</summary>
sealed class ConfigurationReader(IConfiguration configuration)
{
    readonly List<string> problems = [];

    public IReadOnlyList<string> Problems => problems;

    public IConfiguration Configuration => configuration;

    public void Add(IEnumerable<string> more) => problems.AddRange(more);

    public void Add(string problem) => problems.Add(problem);

    public string? Text(string key) => string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key];

    /// <summary>A value without which nothing works.</summary>
    public string Required(string key, string meaning)
    {
        var value = Text(key);
        if (value is null)
        {
            problems.Add($"{key} is missing: set it to {meaning} (environment variable {key.Replace(":", "__", StringComparison.Ordinal)}).");
        }

        return value ?? "";
    }

    public string OneOf(string key, string fallback, params string[] words)
    {
        var value = Text(key) ?? fallback;
        var word = words.FirstOrDefault(word => word.Equals(value, StringComparison.OrdinalIgnoreCase));
        if (word is null)
        {
            problems.Add($"{key} must be one of {string.Join(", ", words)}, but is '{value}'.");
        }

        return word ?? fallback;
    }

    public int Whole(string key, int fallback) => WholeOrNull(key) ?? fallback;

    public int? WholeOrNull(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        problems.Add($"{key} must be a whole number, but is '{text}'.");
        return null;
    }

    public bool Flag(string key, bool fallback)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        problems.Add($"{key} must be true or false, but is '{text}'.");
        return fallback;
    }

    public TimeSpan Duration(string key, TimeSpan fallback)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        problems.Add($"{key} must be a duration such as 00:00:02.5 or 400.00:00:00 (days.hours:minutes:seconds), but is '{text}'.");
        return fallback;
    }

    public UtcInstant? Instant(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (UtcInstant.TryParse(text, out var value))
        {
            return value;
        }

        problems.Add($"{key} must be an instant such as 2026-11-24T00:00:00Z, but is '{text}'.");
        return null;
    }
}
