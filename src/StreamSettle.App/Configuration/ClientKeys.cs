using System.Text;

namespace StreamSettle.App.Configuration;

/// <summary>
/// A client's own settings under a section, by its names: <c>session.timeout.ms</c>, <c>SessionTimeoutMs</c> and, for environments that take no dots,
/// <c>session_timeout_ms</c> are one. A secret can come from a file: <c>SaslPasswordFile</c>.
/// </summary>
/// <param name="section">The section.</param>
/// <param name="example">One of the settings.</param>
/// <param name="secrets">Names of settings that may come from a file.</param>
sealed class ClientKeys(string section, string example, params string[] secrets)
{
    const string FileEnding = ".file";

    /// <summary>Which names exist is for the client to say.</summary>
    public IReadOnlyDictionary<string, string> Read(ConfigurationReader reader)
    {
        var own = reader.Known.Below(section);
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        foreach (var (key, value) in reader.Rest(section).Where(child => !own.Contains(child.Name, StringComparer.OrdinalIgnoreCase)))
        {
            if (value is null)
            {
                reader.Add($"{section}:{key} is no section: write the client's settings by their own names, such as {section}:{example}.");
                continue;
            }

            if (string.IsNullOrWhiteSpace(value))
            {
                continue;
            }

            var name = NameOf(key);
            var isFile = name.EndsWith(FileEnding, StringComparison.Ordinal) && secrets.Contains(name[..^FileEnding.Length]);
            if (!found.TryAdd(isFile ? name[..^FileEnding.Length] : name, isFile ? Secret(reader, key, value) : value))
            {
                reader.Add($"{section}:{key} is set twice, under two spellings of {name}: keep one.");
            }
        }

        return found;
    }

    internal static string NameOf(string key)
    {
        if (key.Contains('.', StringComparison.Ordinal))
        {
            return key.ToLowerInvariant();
        }

        if (key.Contains('_', StringComparison.Ordinal))
        {
            return key.Replace('_', '.').ToLowerInvariant();
        }

        var name = new StringBuilder(key.Length + 8);
        foreach (var letter in key)
        {
            if (char.IsUpper(letter) && name.Length > 0)
            {
                name.Append('.');
            }

            name.Append(char.ToLowerInvariant(letter));
        }

        return name.ToString();
    }

    string Secret(ConfigurationReader reader, string key, string file)
    {
        try
        {
            var secret = File.ReadAllText(file).TrimEnd('\r', '\n');
            if (secret.Length == 0)
            {
                reader.Add($"{section}:{key} must name a file with the secret, but '{file}' is empty.");
            }

            return secret;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            reader.Add($"{section}:{key} must name a file that can be read: {failure.Message}");
            return "";
        }
    }
}
