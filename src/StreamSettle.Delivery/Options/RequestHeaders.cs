namespace StreamSettle.Delivery.Options;

/// <summary>The configured headers with the values that files hold.</summary>
internal static class RequestHeaders
{
    const string FileSuffix = "File";

    internal static bool IsFile(string name) => name.Length > FileSuffix.Length && name.EndsWith(FileSuffix, StringComparison.Ordinal);

    /// <summary>Name and value of each; of a file the text without its last line break.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> Resolve(IReadOnlyDictionary<string, string> configured) =>
        [.. configured.Select(header => IsFile(header.Key)
            ? new KeyValuePair<string, string>(header.Key[..^FileSuffix.Length], File.ReadAllText(header.Value).TrimEnd('\r', '\n'))
            : header)];
}
