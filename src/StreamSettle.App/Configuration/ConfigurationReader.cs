using System.Globalization;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Configuration;

/// <summary>Reads typed values and collects every mistake with key, value and rule, so that one start names them all.</summary>
sealed class ConfigurationReader(IConfiguration configuration)
{
    const char DaysEnd = '.';

    readonly List<string> problems = [];

    public IReadOnlyList<string> Problems => problems;

    /// <summary>What has been asked for.</summary>
    public KnownKeys Known { get; } = new();

    public void Add(IEnumerable<string> more) => problems.AddRange(more);

    public void Add(string problem) => problems.Add(problem);

    /// <summary>Null where there is nothing but blanks: so variables are unset in many a script.</summary>
    public string? Text(string key)
    {
        Known.Add(key);
        return string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key];
    }

    /// <summary>The path of a file. One that is empty would be a secret that is believed to be there.</summary>
    public string? FilePath(string key)
    {
        var path = Text(key);
        if (path is null && configuration[key] is not null)
        {
            problems.Add($"{key} must name a file, but is empty: remove it, or give the path.");
        }

        return path;
    }

    /// <summary>What stands below a section, by names that users choose.</summary>
    /// <param name="settings">What is read under each name; none where the name has the value.</param>
    public IEnumerable<(string Name, string? Value)> Named(string section, params IReadOnlyList<string> settings)
    {
        foreach (var key in settings.Count == 0 ? [$"{section}:<name>"] : settings.Select(setting => $"{section}:<name>:{setting}"))
        {
            Known.Add(key);
        }

        return configuration.GetSection(section).GetChildren().Select(child => (child.Key, child.Value));
    }

    /// <summary>What stands right below a section of which a library reads more than we know, our own settings too.</summary>
    public IEnumerable<(string Name, string? Value)> Rest(string section)
    {
        Known.Add($"{section}:*");
        return configuration.GetSection(section).GetChildren().Select(child => (child.Key, child.Value));
    }

    /// <summary>Whether anything is set at or below it.</summary>
    public bool Has(string section) => configuration.GetSection(section).Exists();

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

        problems.Add($"{key} must be a whole number of at most {int.MaxValue}, but is '{text}'.");
        return null;
    }

    /// <summary>A part of one, as 0.1; with a point, whatever the machine's language.</summary>
    public double Share(string key, double fallback)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        problems.Add($"{key} must be a number from 0 to 1 with a decimal point, as 0.1, but is '{text}'.");
        return fallback;
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

    /// <param name="countsDays">A number alone is days, as .NET reads it. Elsewhere it is refused: whoever writes 10 means seconds.</param>
    public TimeSpan Duration(string key, TimeSpan fallback, bool countsDays = false)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (!TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value))
        {
            problems.Add($"{key} must be a duration such as 00:00:02.5 or 400.00:00:00 (days.hours:minutes:seconds), but is '{text}'.");
            return fallback;
        }

        if (IsDaysUnawares(text, value) && !(countsDays && value.Ticks % TimeSpan.TicksPerDay == 0 && !text.Contains(':', StringComparison.Ordinal)))
        {
            problems.Add($"{key} is '{text}', which is {value.TotalDays.ToString(CultureInfo.InvariantCulture)} days: write {value} if that is meant, else hh:mm:ss with at most 23 hours, such as 00:00:10.");
            return fallback;
        }

        return value;
    }

    /// <summary><c>10</c> is ten days, and <c>24:00:00</c> is 24 of them.</summary>
    static bool IsDaysUnawares(string text, TimeSpan value) =>
        value.Days != 0 && !text.Split(':')[0].Contains(DaysEnd, StringComparison.Ordinal) && text.Count(letter => letter == ':') < 3;

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
