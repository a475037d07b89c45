using StreamSettle.Kernel.Failures;

namespace StreamSettle.Delivery.Options;

/// <summary>The configured headers with the values that files hold.</summary>
internal static class RequestHeaders
{
    const string FileSuffix = "File";

    internal static bool IsFile(string name) => name.Length > FileSuffix.Length && name.EndsWith(FileSuffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Name and value of each; of a file the text without its last line break.</summary>
    /// <param name="section">The system's configuration section, for the message.</param>
    /// <exception cref="UserMistakeException">A file cannot be read: its key and why, no value.</exception>
    internal static IReadOnlyList<KeyValuePair<string, string>> Resolve(IReadOnlyDictionary<string, string> configured, string section) =>
        [.. configured.Select(header => IsFile(header.Key)
            ? new KeyValuePair<string, string>(header.Key[..^FileSuffix.Length], Read($"{section}:Headers:{header.Key}", header.Value))
            : header)];

    static string Read(string key, string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Neither path nor the failure's text, which holds it: whoever put the secret itself here would find it in the log.
            throw new UserMistakeException($"{key} must name a file that can be read, but reading it failed with {failure.GetType().Name}. Check the path and who may read it.");
        }
    }
}
