using StreamSettle.App.Commands;

namespace StreamSettle.App.Configuration;

/// <summary>
/// The keys that mean something: those that were asked for, so that there is no second list beside the code that reads them. A segment in angle brackets
/// (<c>Access:Keys:&lt;name&gt;:Hash</c>) stands for one that users choose, a last <c>*</c> for whatever a library reads below.
/// </summary>
sealed class KnownKeys
{
    const string Rest = "*";

    /// <summary>So near to a known one, a key in a section that is open is a slip and not somebody else's.</summary>
    const int Slip = 2;

    readonly Dictionary<string, string[]> patterns = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<string> All => patterns.Keys;

    /// <summary>First segments.</summary>
    public IEnumerable<string> Roots => patterns.Values.Select(segments => segments[0]).Distinct(StringComparer.OrdinalIgnoreCase);

    public void Add(string key) => patterns.TryAdd(key, key.Split(':'));

    /// <summary>The names that stand right below a section.</summary>
    public IReadOnlyList<string> Below(string section) =>
        [.. patterns.Values.Where(segments => segments.Length > 1 && segments[0].Equals(section, StringComparison.OrdinalIgnoreCase) && segments[1] != Rest).Select(segments => segments[1])];

    /// <summary>Whether a value under this key is read by somebody.</summary>
    public bool Has(string key)
    {
        var segments = key.Split(':');
        return patterns.Values.Any(pattern => !IsOpen(pattern) && pattern.Length == segments.Length && Begins(pattern, segments))
            || (patterns.Values.Any(pattern => IsOpen(pattern) && segments.Length >= pattern.Length && Begins(pattern[..^1], segments)) && !IsSlip(key));
    }

    /// <summary>Whether something below it is read.</summary>
    public bool IsSection(string key)
    {
        var segments = key.Split(':');
        return patterns.Values.Any(pattern => pattern.Length > segments.Length && Begins(pattern, segments));
    }

    /// <summary>The one that somebody who mistyped a key may have meant, with the user's own names in it; null where none is near.</summary>
    public string? NearestTo(string key)
    {
        var meant = key.Replace("__", ":", StringComparison.Ordinal);
        return Nearest.Of(meant, Candidates(meant.Split(':')));
    }

    /// <summary>Mistyped by a letter or two.</summary>
    public bool IsSlip(string key) => Nearest.Of(key, Candidates(key.Split(':')), Slip) is not null;

    static bool IsOpen(string[] pattern) => pattern[^1] == Rest;

    static bool IsChosen(string segment) => segment.StartsWith('<');

    /// <summary>As far as the shorter of both goes.</summary>
    static bool Begins(string[] pattern, string[] segments) =>
        pattern.Zip(segments).All(pair => IsChosen(pair.First) || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));

    IEnumerable<string> Candidates(string[] segments) => patterns.Values.Where(pattern => !IsOpen(pattern))
        .Select(pattern => string.Join(':', pattern.Select((segment, at) => IsChosen(segment) && pattern.Length == segments.Length ? segments[at] : segment)));
}
